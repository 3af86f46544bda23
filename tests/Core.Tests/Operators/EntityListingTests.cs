using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Operators;
using Evergrain.Core.State;
using Evergrain.Core.Tests.Entities;

namespace Evergrain.Core.Tests.Operators;

public sealed class EntityListingTests
{
    readonly MemoryEntityStore store = new();
    readonly List<EntityRow> active = [];

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_or_a_double_also_over_what_is_active_only()
    {
        for (var i = 0; i < 25; i++)
        {
            var id = new EntityId(i % 2 == 0 ? "box" : "cup", $"k{i:00}");
            if (i % 3 != 0) await Store(id, "lab", "1.0.0", epoch: 1);
            if (i % 3 != 1) active.Add(new EntityRow(id, "one", 2, ["lab@1.1.0"]));
        }
        var seen = new List<EntityRow>();
        EntityId? after = null;
        do
        {
            var page = await List(new EntityFilter { Limit = 4, After = after });
            Assert.InRange(page.Entities.Count, 0, 4);
            seen.AddRange(page.Entities);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(25, seen.Select(row => row.Id).Distinct().Count());
        Assert.Equal(25, seen.Count);
        Assert.Equal(seen.OrderBy(row => row.Id, EntityQuery.Order), seen);
        Assert.Equal(active.Count, seen.Count(row => row.Silo == "one"));
    }

    [Fact]
    public async Task A_page_reads_so_many_records_and_goes_on_after_them_however_few_are_wanted()
    {
        for (var i = 0; i < EntityListing.MostRead + 5; i++) await Store(new EntityId("box", $"k{i:00000}"), "lab", i == EntityListing.MostRead + 2 ? "1.1.0" : "1.0.0", epoch: 1);
        var first = await List(new EntityFilter { WrittenBy = new("lab", "1.1.0") });
        Assert.Empty(first.Entities);
        Assert.Equal($"box/k{EntityListing.MostRead - 1:00000}", first.Next.ToString());

        var second = await List(new EntityFilter { WrittenBy = new("lab", "1.1.0"), After = first.Next });
        Assert.Equal($"box/k{EntityListing.MostRead + 2:00000}", Assert.Single(second.Entities).Id.ToString());
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task The_version_and_the_epoch_must_be_those_of_one_slice()
    {
        await Store(new("box", "a"), new SliceRecord("lab", 1, [], "1.1.0", 3), new SliceRecord("safe", 1, [], "1.0.0", 9));
        Assert.Single((await List(new EntityFilter { WrittenBy = new("lab", "1.1.0"), SinceEpoch = 3 })).Entities);
        Assert.Empty((await List(new EntityFilter { WrittenBy = new("lab", "1.1.0"), SinceEpoch = 4 })).Entities);
        Assert.Single((await List(new EntityFilter { SinceEpoch = 9 })).Entities);
    }

    [Fact]
    public async Task A_store_that_cannot_scan_says_so()
    {
        var listing = new EntityListing(new FaultyEntityStore { CannotScan = true }, _ => []);
        Assert.Equal(ErrorCodes.StoreCannot, (await Assert.ThrowsAsync<FindingsException>(() => listing.List(new EntityFilter()))).Code);
    }

    Task<EntityList> List(EntityFilter filter) => new EntityListing(store, kind => active.Where(row => kind is null || row.Id.Kind == kind)).List(filter);

    Task Store(EntityId id, string module, string version, long epoch) => Store(id, new SliceRecord(module, 1, [], version, epoch));

    async Task Store(EntityId id, params SliceRecord[] slices) =>
        await store.Write([new EntityWrite(new EntityRecord { Id = id, Epoch = slices.Max(slice => slice.Epoch), Created = true, WriteId = Guid.NewGuid(), Slices = [.. slices] }, null)]);
}
