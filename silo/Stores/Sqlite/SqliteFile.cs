using Microsoft.Data.Sqlite;

namespace Evergrain.Stores.Sqlite;

/// <summary>The file as this process has it, and nobody else: two hosts over one file would be two clusters over one set of entities.</summary>
internal sealed class SqliteFile : IDisposable
{
    const int CheckpointPages = 4000; // of 4 KiB: fewer of the flushes that come on top of those of the commits
    const int PageBytes = 4096;
    readonly SqliteStoreOptions options;
    readonly FileStream ownership;

    public SqliteFile(SqliteStoreOptions options)
    {
        this.options = options;
        // Not the database itself: closing it would take away the locks that SQLite holds on it.
        ownership = new FileStream($"{options.File}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>The writer: a commit has reached the disk when it answers.</summary>
    public SqliteConnection OpenWriter()
    {
        var connection = Open();
        Set(connection, $"PRAGMA page_size = {PageBytes}");
        Set(connection, "PRAGMA journal_mode = WAL");
        Set(connection, "PRAGMA synchronous = FULL");
        Set(connection, "PRAGMA fullfsync = ON"); // macOS: a plain flush stops at the disk's own cache
        Set(connection, $"PRAGMA wal_autocheckpoint = {CheckpointPages}");
        if (options.MaxFileBytes is { } bytes) Set(connection, $"PRAGMA max_page_count = {Math.Max(1, bytes / PageBytes)}");
        return connection;
    }

    public SqliteConnection OpenReader()
    {
        var connection = Open();
        Set(connection, "PRAGMA query_only = ON");
        return connection;
    }

    public void Dispose() => ownership.Dispose();

    SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = options.File, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();
            Set(connection, "PRAGMA cache_size = -16384"); // KiB
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    static void Set(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragma;
        command.ExecuteScalar();
    }
}
