using Evergrain.Core.State;
using Evergrain.Stores.Sql;
using Npgsql;

namespace Evergrain.Stores.Postgres;

/// <summary>The store in a PostgreSQL database. Whatever was acknowledged was committed and flushed there.</summary>
public sealed class PostgresStore : SqlStore
{
    const long OwnerLock = 0x4556_4552_0002;

    PostgresStore(NpgsqlDataSource reading, Func<NpgsqlConnection> connect, NpgsqlConnection opened, PostgresStoreOptions options, StoreThreads threads)
        : base(new PostgresDatabase(reading, connect, opened), threads, options.Readers, options.MaxRecordBytes) { }

    /// <summary>Connects, and makes the tables where there are none and the role may. Blocks, at most for some times the timeout.</summary>
    /// <exception cref="CannotOpenStoreException">The server does not answer or lets nobody in, the tables are missing or of a newer host, or
    /// another host uses them.</exception>
    public static PostgresStore Open(PostgresStoreOptions options, StoreThreads threads)
    {
        NpgsqlConnection? opened = null;
        try
        {
            opened = Connect();
            PostgresSchema.Begin(opened);
            var source = new NpgsqlDataSourceBuilder(options.Address.For(options.Timeout, "reads").ConnectionString).Build();
            return new PostgresStore(source, Connect, opened, options, threads);
        }
        catch (Exception unusable)
        {
            opened?.Dispose();
            throw new CannotOpenStoreException($"The store {options.Address} cannot be opened: {PostgresErrors.WhyNot(unusable)}", unusable);
        }

        // The lock lives and dies with the connection that writes: without it nothing is written.
        NpgsqlConnection Connect()
        {
            var address = options.Address.For(options.Timeout, "writes");
            address.Pooling = false;
            var connection = new NpgsqlConnection(address.ConnectionString);
            try
            {
                connection.Open();
                // What is acknowledged is on the disk, whatever the server, the database or the role has as its default; stricter ones are kept.
                using var flushes = new NpgsqlCommand("SELECT set_config('synchronous_commit', CASE was WHEN 'off' THEN 'on' ELSE was END, false) FROM current_setting('synchronous_commit') AS was", connection);
                flushes.ExecuteNonQuery();
                // A plan that was made while the tables were small is kept when they are not: every row is found by its index.
                using var plans = new NpgsqlCommand("SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off", connection);
                plans.ExecuteNonQuery();
                if (!options.Alone) return connection;
                // A host that was killed a moment ago may still be there for the server.
                using var own = new NpgsqlCommand($"SET lock_timeout = {(int)options.Timeout.TotalMilliseconds / 2}; SELECT pg_advisory_lock({OwnerLock}); SET lock_timeout = 0", connection);
                own.ExecuteNonQuery();
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
    }
}
