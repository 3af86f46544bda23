using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Runtime;

namespace Evergrain.Stores.Sqlite;

/// <summary>Entities, releases, rollouts and packages of one machine in one file: whatever was acknowledged has reached the disk. Writes that
/// wait together are one transaction with one flush. Safe from any thread.</summary>
public sealed class SqliteStore : IAsyncDisposable
{
    readonly SqliteFile file;
    readonly SqliteWriter writer;
    readonly SqliteReaders readers, scans;

    SqliteStore(SqliteFile file, Statements opened, long openings, SqliteStoreOptions options, SqliteStorePorts ports)
    {
        this.file = file;
        writer = new SqliteWriter(file, opened, ports.Writing, ports.Answers);
        readers = new SqliteReaders(file, ports.Reading, ports.Answers, options.Readers);
        // A listing may take long; reads of entities do not wait for it.
        scans = new SqliteReaders(file, ports.Reading, ports.Answers, lanes: 1);
        Entities = new SqliteEntityStore(writer, readers, scans, openings, options.MaxRecordBytes);
        Cluster = new SqliteClusterStore(writer, readers);
        Packages = new SqlitePackageStore(writer, readers);
    }

    static SqliteStore() => SQLitePCL.Batteries_V2.Init();

    public IEntityStore Entities { get; }
    public IClusterStore Cluster { get; }
    public IPackageStore Packages { get; }

    /// <summary>Transactions since it was opened; each flushed the log to the disk once.</summary>
    public long Commits => writer.Commits;

    /// <summary>Opens the file, and makes it where there is none. Takes as long for a million entities as for one. Blocks.</summary>
    /// <exception cref="CannotOpenStoreException">The file is no store, of a newer host, not to be written, or in use.</exception>
    public static SqliteStore Open(SqliteStoreOptions options, SqliteStorePorts ports)
    {
        SqliteFile? file = null;
        Statements? opened = null;
        try
        {
            file = new SqliteFile(options);
            using (var look = new Statements(file.OpenReader())) SqliteSchema.IsThere(look);
            opened = new Statements(file.OpenWriter());
            var openings = SqliteSchema.Begin(opened, ClusterFormat.Encode(ClusterRecord.First));
            return new SqliteStore(file, opened, openings, options, ports);
        }
        catch (Exception unusable)
        {
            opened?.Dispose();
            file?.Dispose();
            throw new CannotOpenStoreException($"The store {options.File} cannot be opened: {SqliteErrors.WhyNot(unusable)}", unusable);
        }
    }

    /// <summary>Writes a copy of everything, as of one moment, to a file that is not there yet; a store can be opened over it. Writes go on meanwhile.</summary>
    /// <exception cref="StoreUnavailableException"/>
    /// <exception cref="StoreFullException"/>
    public async Task Backup(string copy) => await scans.Ask(_ =>
    {
        // On a connection of its own: those of the readers may write nothing, not even another file.
        using (var own = new Statements(file.OpenWriter())) own.Change("VACUUM INTO $copy", ("$copy", copy));
        using var written = new FileStream(copy, FileMode.Open, FileAccess.ReadWrite);
        written.Flush(flushToDisk: true);
        return true;
    });

    /// <summary>What is wrong with a name before it is opened; null when nothing is.</summary>
    public static string? WhyNot(string file)
    {
        if (string.IsNullOrWhiteSpace(file)) return "names no file.";
        if (Directory.Exists(file)) return "is a folder; name a file in it.";
        var folder = Path.GetDirectoryName(Path.GetFullPath(file));
        return folder is null || !Directory.Exists(folder) ? $"lies in a folder that does not exist ({folder}); make it first." : null;
    }

    /// <summary>Writes what waits, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await readers.Close();
        await scans.Close();
        await writer.Close();
        file.Dispose();
    }
}

/// <summary>The threads that the host gives to a store.</summary>
/// <param name="Writing">One thread, which blocks while the disk flushes.</param>
/// <param name="Reading">Threads that may block for a moment.</param>
/// <param name="Answers">Where those who waited for the store go on.</param>
public sealed record SqliteStorePorts(IExecutor Writing, IExecutor Reading, IExecutor Answers);
