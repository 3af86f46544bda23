using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Stores.Sql;

namespace Evergrain.Stores.Sqlite;

/// <summary>The store of one machine, in one file. Whatever was acknowledged has reached the disk.</summary>
public sealed class SqliteStore : SqlStore
{
    readonly SqliteFile file;

    SqliteStore(SqliteFile file, Statements opened, long openings, SqliteStoreOptions options, StoreThreads threads)
        : base(new SqliteDatabase(file, opened, openings), threads, options.Readers, options.MaxRecordBytes) => this.file = file;

    static SqliteStore() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens the file, and makes it where there is none. Takes as long for a million entities as for one. Blocks.</summary>
    /// <exception cref="CannotOpenStoreException">The file is no store, of a newer host, not to be written, or in use.</exception>
    public static SqliteStore Open(SqliteStoreOptions options, StoreThreads threads)
    {
        SqliteFile? file = null;
        Statements? opened = null;
        try
        {
            file = new SqliteFile(options);
            using (var look = new Statements(file.OpenReader())) SqliteSchema.IsThere(look);
            opened = new Statements(file.OpenWriter());
            var openings = SqliteSchema.Begin(opened, ClusterFormat.Encode(ClusterRecord.First));
            return new SqliteStore(file, opened, openings, options, threads);
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
    public async Task Backup(string copy) => await Scan(_ =>
    {
        // On a connection of its own: those of the readers may write nothing, not even another file.
        using (var own = new Statements(file.OpenWriter())) own.Change("VACUUM INTO $1", copy);
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
}
