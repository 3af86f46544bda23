namespace Evergrain.CrashPoints.Stores;

/// <summary>Where one point keeps its store; disposing takes it away.</summary>
/// <param name="Data">As <c>--data</c> of the host.</param>
internal sealed record StorePlace(string Data, Func<ValueTask> Remove) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Remove();
}

/// <summary>Makes stores of one kind for points. Safe from any thread once it is opened.</summary>
internal interface IStoreHouse : IAsyncDisposable
{
    /// <summary>A store that is not there yet.</summary>
    Task<StorePlace> New();

    /// <summary>A copy of what was opened.</summary>
    Task<StorePlace> Opened();

    /// <summary>From now on this one is copied: nobody uses it any more.</summary>
    void Keep(StorePlace opened);
}
