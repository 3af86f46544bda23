namespace Evergrain.Stores.Sqlite;

/// <summary>The tables, and which version of them a file has.</summary>
internal static class SqliteSchema
{
    const long Current = 1;

    // Kind, key, etag, epoch and whether it is in the wake-up index are columns; the rest of a record is its bytes. The index is one over those
    // rows alone that need waking, so it changes in the same transaction as the record.
    static readonly string[] Tables =
    [
        "CREATE TABLE store (one INTEGER PRIMARY KEY CHECK (one = 1), schema INTEGER NOT NULL, openings INTEGER NOT NULL)",
        "INSERT INTO store VALUES (1, 1, 0)",
        "CREATE TABLE entity (kind TEXT NOT NULL, key TEXT NOT NULL, etag INTEGER NOT NULL, epoch INTEGER NOT NULL, wakes INTEGER NOT NULL, record BLOB NOT NULL)",
        "CREATE UNIQUE INDEX entity_id ON entity (kind, key)",
        "CREATE INDEX entity_wake_up ON entity (kind, key) WHERE wakes = 1",
        "CREATE TABLE cluster (one INTEGER PRIMARY KEY CHECK (one = 1), etag INTEGER NOT NULL, record TEXT NOT NULL)",
        "CREATE TABLE release (epoch INTEGER PRIMARY KEY, content TEXT NOT NULL)",
        "CREATE TABLE rollout (number INTEGER PRIMARY KEY AUTOINCREMENT, content TEXT NOT NULL)",
        """
        CREATE TABLE package (
            name TEXT NOT NULL, version TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, manifest TEXT NOT NULL, bytes BLOB NOT NULL,
            PRIMARY KEY (name, version))
        """,
    ];

    /// <summary>Looks, and changes nothing.</summary>
    /// <returns>False for a new file.</returns>
    /// <exception cref="InvalidDataException">The file is of another program, or of a newer host.</exception>
    public static bool IsThere(Statements store)
    {
        if (Number(store, "SELECT count(*) FROM sqlite_master") == 0) return false;
        if (Number(store, "SELECT count(*) FROM sqlite_master WHERE name IN ('store', 'entity', 'cluster', 'release', 'rollout', 'package')") != 6)
            throw new InvalidDataException("it is a database of another program.");
        var schema = Number(store, "SELECT schema FROM store");
        return schema == Current ? true : throw new InvalidDataException($"its tables are of schema {schema}, and this host knows {Current}: a newer host made them.");
    }

    /// <summary>Makes the tables where there are none. How often the file was opened: etags that are counted since the opening are never
    /// given twice.</summary>
    /// <param name="first">The cluster record that a new store begins with.</param>
    public static long Begin(Statements store, string first)
    {
        store.Change("BEGIN IMMEDIATE");
        if (!IsThere(store))
        {
            foreach (var table in Tables) store.Change(table);
            store.Change("INSERT INTO cluster VALUES (1, 1, $1)", first);
        }
        store.Change("UPDATE store SET openings = openings + 1");
        var openings = Number(store, "SELECT openings FROM store");
        store.Change("COMMIT");
        return openings;
    }

    static long Number(Statements store, string sql)
    {
        using var reader = store.Query(sql);
        return reader.Read() ? reader.GetInt64(0) : 0;
    }
}
