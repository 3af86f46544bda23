namespace Evergrain.CrashPoints.Stores;

/// <summary>Files in a folder of their own.</summary>
internal sealed class SqliteHouse : IStoreHouse
{
    readonly string folder = Directory.CreateTempSubdirectory("evergrain-crash-points").FullName;
    StorePlace? opened;
    int made;

    public Task<StorePlace> New()
    {
        var own = Path.Combine(folder, $"{Interlocked.Increment(ref made)}");
        Directory.CreateDirectory(own);
        return Task.FromResult(new StorePlace(Path.Combine(own, "game.db"), () =>
        {
            Directory.Delete(own, recursive: true);
            return default;
        }));
    }

    public async Task<StorePlace> Opened()
    {
        var place = await New();
        var from = new FileInfo(opened!.Data);
        // With its write-ahead log, if there is one.
        foreach (var file in from.Directory!.GetFiles($"{from.Name}*")) file.CopyTo(Path.Combine(Path.GetDirectoryName(place.Data)!, file.Name));
        return place;
    }

    public void Keep(StorePlace place) => opened = place;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return default;
    }
}
