using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Stores.Sqlite;
using Evergrain.Stores.Tests.Conformance;
using Evergrain.Stores.Tests.Stores;
using Microsoft.Data.Sqlite;

namespace Evergrain.Stores.Tests;

public sealed class SqliteEntityTests(SqliteHouse house) : EntityConformance(house), IClassFixture<SqliteHouse>;
public sealed class SqliteListingTests(SqliteHouse house) : ListingConformance(house), IClassFixture<SqliteHouse>;
public sealed class SqliteClusterTests(SqliteHouse house) : ClusterConformance(house), IClassFixture<SqliteHouse>;
public sealed class SqlitePackageTests(SqliteHouse house) : PackageConformance(house), IClassFixture<SqliteHouse>;
public sealed class SqliteDurableTests(SqliteHouse house) : DurableConformance(house), IClassFixture<SqliteHouse>;

/// <summary>What only a file can do.</summary>
public sealed class SqliteFileTests : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("evergrain-file");

    string File => Path.Combine(folder.FullName, "store.db");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_store_that_is_full_refuses_goes_on_reading_and_takes_what_still_fits()
    {
        await using var store = OpenStore.Sqlite(File, maxFileBytes: 400 << 10);
        var written = 0;
        WriteOutcome outcome;
        for (; ; written++)
        {
            outcome = (await store.Entities.Write([new(Sample.Entity($"box/{written}", new string('x', 20_000)), null)]))[0];
            if (outcome.Refused is not null) break;
            Assert.InRange(written, 0, 100);
        }

        Assert.Equal((ErrorCodes.StoreFull, 5000), (outcome.Refused!.Code, outcome.Refused.RetryAfterMs));
        Assert.False(outcome.Conflict);
        Assert.Null(await store.Entities.Read(EntityId.Parse($"box/{written}")));
        var kept = await store.Entities.Read(EntityId.Parse("box/0"));
        Assert.Equal(20_000, Sample.State(kept).Length);
        var full = await Assert.ThrowsAsync<FindingsException>(async () => await store.Packages.Publish(Sample.Package("lab", "1.0.0") with { Bytes = new byte[100_000] }, default));
        Assert.Equal(ErrorCodes.StoreFull, full.Code);

        Assert.NotNull((await store.Entities.Write([new(Sample.Entity("box/0"), kept!.Etag)]))[0].Etag);
        Assert.NotNull((await store.Entities.Write([new(Sample.Entity("box/small"), null)]))[0].Etag);
    }

    [Fact]
    public async Task What_does_not_fit_keeps_nothing_back_that_waits_beside_it()
    {
        await using var store = OpenStore.Sqlite(File, maxFileBytes: 400 << 10);
        ValueTask<IReadOnlyList<WriteOutcome>> small, other;
        ValueTask<Evergrain.Contracts.Ops.PackageReceipt> large;
        using (store.HoldWrites())
        {
            small = store.Entities.Write([new(Sample.Entity("box/a"), null)]);
            large = store.Packages.Publish(Sample.Package("lab", "1.0.0") with { Bytes = new byte[1 << 20] }, default);
            other = store.Entities.Write([new(Sample.Entity("box/b"), null)]);
        }

        await Assert.ThrowsAsync<FindingsException>(async () => await large);
        Assert.NotNull((await small)[0].Etag);
        Assert.NotNull((await other)[0].Etag);
    }

    [Fact]
    public async Task A_file_that_is_open_is_not_opened_again_and_afterwards_it_is()
    {
        await using (OpenStore.Sqlite(File))
            Assert.Contains("another host has it open", Assert.Throws<CannotOpenStoreException>(() => OpenStore.Sqlite(File)).Message, StringComparison.Ordinal);
        await using var again = OpenStore.Sqlite(File);
    }

    [Fact]
    public async Task A_store_that_finds_no_room_at_its_beginning_says_so_and_begins_once_there_is()
    {
        Assert.Contains("no room where it lies", Assert.Throws<CannotOpenStoreException>(() => OpenStore.Sqlite(File, maxFileBytes: 8 << 10)).Message, StringComparison.Ordinal);
        await using var store = OpenStore.Sqlite(File);
        Assert.NotNull((await store.Entities.Write([new(Sample.Entity("box/a"), null)]))[0].Etag);
    }

    [Theory]
    [InlineData("CREATE TABLE notes (text TEXT)", "another program")]
    [InlineData("UPDATE store SET schema = 2", "newer host")]
    public async Task A_file_of_another_program_or_of_a_newer_host_is_not_touched(string change, string why)
    {
        if (change.StartsWith("UPDATE", StringComparison.Ordinal)) await OpenStore.Sqlite(File).DisposeAsync();
        Run(change);
        var before = await System.IO.File.ReadAllBytesAsync(File);

        Assert.Contains(why, Assert.Throws<CannotOpenStoreException>(() => OpenStore.Sqlite(File)).Message, StringComparison.Ordinal);
        Assert.Equal(before, await System.IO.File.ReadAllBytesAsync(File));
    }

    [Fact]
    public void A_name_that_cannot_be_a_file_is_told_before_it_is_opened()
    {
        Assert.Null(SqliteStore.WhyNot(File));
        Assert.Contains("folder", SqliteStore.WhyNot(folder.FullName), StringComparison.Ordinal);
        Assert.Contains("does not exist", SqliteStore.WhyNot(Path.Combine(folder.FullName, "no", "store.db")), StringComparison.Ordinal);
        Assert.NotNull(SqliteStore.WhyNot(" "));
    }

    void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
