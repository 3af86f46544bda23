using Evergrain.Stores.Sqlite;
using Evergrain.Stores.Tests.Conformance;
using Evergrain.Stores.Tests.Stores;

namespace Evergrain.Stores.Tests;

/// <summary>What is acknowledged is on the disk.</summary>
public sealed class SqliteFlushTests : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("evergrain-flush");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void The_connection_that_writes_flushes_at_every_commit_to_a_write_ahead_log()
    {
        using var file = new SqliteFile(new SqliteStoreOptions { File = WatchedWrite.File(folder.FullName) });
        using var writer = file.OpenWriter();

        Assert.Equal(2L, Pragma("synchronous")); // FULL
        Assert.Equal("wal", Pragma("journal_mode"));

        object? Pragma(string name)
        {
            using var command = writer.CreateCommand();
            command.CommandText = $"PRAGMA {name}";
            return command.ExecuteScalar();
        }
    }

    [StraceFact]
    public async Task The_system_has_flushed_the_log_before_a_write_is_acknowledged()
    {
        var log = Path.Combine(folder.FullName, "calls");
        await Strace.Run(log, "dotnet", "exec", typeof(WatchedWrite).Assembly.Location, folder.FullName);

        var flushed = Strace.Flushed(log, WatchedWrite.Asked(folder.FullName), WatchedWrite.Acknowledged(folder.FullName));
        Assert.Contains($"{WatchedWrite.File(folder.FullName)}-wal", flushed);
    }
}

/// <inheritdoc cref="SqliteFlushTests"/>
[Collection(PostgresCollection.Name), Needs(typeof(PostgresServer))]
public sealed class PostgresFlushTests(PostgresHouse house) : StoreTest(house)
{
    readonly PostgresHouse house = house;

    [StoreTheory]
    [InlineData("off", "on")]
    [InlineData("remote_apply", "remote_apply")]
    public async Task Every_session_that_writes_waits_for_the_flush_whatever_the_database_has_as_its_default(string inDatabase, string inSession)
    {
        house.Server.Execute(house.Database, $"""
            ALTER DATABASE {house.Database} SET synchronous_commit = {inDatabase};
            CREATE TABLE seen (value text);
            CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.seen VALUES (current_setting('synchronous_commit')); RETURN NEW; END $$;
            CREATE TRIGGER see BEFORE INSERT ON evergrain.entity FOR EACH ROW EXECUTE FUNCTION see();
            """);
        Assert.Equal(inDatabase, house.Server.Execute(house.Database, "SHOW synchronous_commit"));

        await Reopen();
        Written(await Write(Sample.Entity("box/a"), null));
        house.Server.Execute(house.Database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'evergrain%' AND datname = current_database()");
        await Assert.ThrowsAsync<Core.State.StoreUnavailableException>(async () => await Write(Sample.Entity("box/b"), null));
        Written(await Write(Sample.Entity("box/b"), null));

        Assert.Equal($"{inSession} {inSession}", house.Server.Execute(house.Database, "SELECT string_agg(value, ' ') FROM seen"));
    }
}

/// <summary>A test that needs strace.</summary>
internal sealed class StraceFactAttribute : FactAttribute
{
    public StraceFactAttribute() => Skip = Strace.WhyNot!;
}
