namespace Evergrain.Stores.Tests.Stores;

/// <summary>Where the stores of a test class are.</summary>
public abstract class StoreHouse
{
    /// <summary>The next store that is opened is a new one.</summary>
    public abstract Task Empty();

    public abstract Task<IOpenStore> Open();
}

public abstract class DurableStoreHouse : StoreHouse
{
    /// <summary>The largest record.</summary>
    public const int MaxRecordBytes = 64 << 10;
}

public sealed class MemoryHouse : StoreHouse
{
    public override Task Empty() => Task.CompletedTask;
    public override Task<IOpenStore> Open() => Task.FromResult<IOpenStore>(new MemoryStore());
}

public sealed class SqliteHouse : DurableStoreHouse, IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("evergrain-store");
    int stores;

    public string File => Path.Combine(folder.FullName, $"{stores}.db");

    public override Task Empty()
    {
        stores++;
        return Task.CompletedTask;
    }

    public override Task<IOpenStore> Open() => Task.FromResult<IOpenStore>(OpenStore.Sqlite(File));

    public void Dispose() => folder.Delete(recursive: true);
}
