using Evergrain.Core.State;

namespace Evergrain.Core.Rollouts;

/// <summary>Reads and writes the record within a bound of time, and clears up writes whose result is unknown: it reads before anything
/// else, and knows its own write by the write id.</summary>
internal sealed class ClusterWriter(IClusterStore store, IIdSource ids, TimeProvider time, TimeSpan timeout)
{
    public async Task<ClusterRecord> Read() => await Within(store.Read);

    public async Task<ClusterHistory> History() => await Within(store.History);

    /// <summary>Never <see cref="ClusterWriteOutcome.Unknown"/>: what could not be cleared up is thrown by the read.</summary>
    public async Task<ClusterWriteOutcome> Write(ClusterRecord next, string expectedEtag)
    {
        var named = next with { WriteId = ids.NewGuid() };
        var outcome = await Attempt(named, expectedEtag);
        if (outcome is not ClusterWriteOutcome.Unknown) return outcome;
        var current = await Read();
        return current.WriteId == named.WriteId ? new ClusterWriteOutcome.Written(current) : new ClusterWriteOutcome.Conflict(current);
    }

    async Task<ClusterWriteOutcome> Attempt(ClusterRecord next, string expectedEtag)
    {
        try
        {
            return await Within(cancellation => store.Write(next, expectedEtag, cancellation));
        }
        catch (Exception unclear) when (unclear is not (InvalidOperationException or StoreFullException))
        {
            return new ClusterWriteOutcome.Unknown();
        }
    }

    async Task<T> Within<T>(Func<CancellationToken, ValueTask<T>> ask)
    {
        using var late = new CancellationTokenSource(timeout, time);
        try
        {
            // A store that heeds no cancellation is left alone.
            return await ask(late.Token).AsTask().WaitAsync(late.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new StoreUnavailableException($"no answer within {timeout.TotalSeconds:0.#} s.");
        }
    }
}
