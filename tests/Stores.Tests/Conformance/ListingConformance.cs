using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Stores.Tests.Stores;

namespace Evergrain.Stores.Tests.Conformance;

/// <summary>What listing records means in every store that can.</summary>
public abstract class ListingConformance(StoreHouse house) : StoreTest(house)
{
    static readonly string[] Ids = ["a/2", "a-b/1", "a/10", "a/Z", "a/_", "b/a", "a/z", "c/~", "b/@x", "b2/q"];
    static readonly string[] InOrder = [.. Ids.Select(EntityId.Parse).Order(EntityQuery.Order).Select(id => id.ToString())];

    [StoreFact]
    public async Task Records_come_by_kind_and_key_in_the_order_of_their_characters()
    {
        await Fill();
        Assert.True(Store.Entities.Capabilities.HasFlag(StoreCapabilities.Scan));
        Assert.Equal(InOrder, await Listed(new EntityQuery()));
        Assert.Equal(["a/10", "a/2", "a/Z", "a/_", "a/z"], await Listed(new EntityQuery("a")));
        Assert.Empty(await Listed(new EntityQuery("none")));
    }

    [StoreTheory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(11)]
    public async Task Pages_follow_each_other_without_a_gap_and_without_a_double(int limit)
    {
        await Fill();
        Assert.Equal(InOrder, await Pages(new EntityQuery(null, limit)));
        Assert.Equal(InOrder.Where(id => id.StartsWith("b/", StringComparison.Ordinal)), await Pages(new EntityQuery("b", limit)));
    }

    [StoreFact]
    public async Task A_page_goes_on_after_an_entity_that_is_gone_or_of_another_kind()
    {
        await Fill();
        Assert.Equal(["b/@x", "b/a"], await Listed(new EntityQuery("b", After: EntityId.Parse("a/z"))));
        Assert.Empty(await Listed(new EntityQuery("b", After: EntityId.Parse("c/a"))));
        Assert.Equal(["b2/q", "c/~"], await Listed(new EntityQuery(After: EntityId.Parse("b/zzz"))));
    }

    [StoreFact]
    public async Task What_was_last_written_before_an_epoch_can_be_left_out()
    {
        await Fill();
        Assert.Equal(InOrder.Where(id => Array.IndexOf(Ids, id) >= 7), await Pages(new EntityQuery(Limit: 2, SinceEpoch: 7)));
        Assert.Empty(await Listed(new EntityQuery(SinceEpoch: 100)));
    }

    async Task Fill()
    {
        for (var i = 0; i < Ids.Length; i++) Written(await Write(Sample.Entity(Ids[i], epoch: i), null));
    }

    async Task<IEnumerable<string>> Listed(EntityQuery query)
    {
        var page = await Store.Entities.List(query);
        Assert.Empty(page.Unreadable);
        return page.Records.Select(record => record.Id.ToString());
    }

    async Task<IReadOnlyList<string>> Pages(EntityQuery query)
    {
        var all = new List<string>();
        for (EntityId? after = null; ;)
        {
            var page = await Store.Entities.List(query with { After = after });
            Assert.InRange(page.Records.Count, 0, query.Limit);
            all.AddRange(page.Records.Select(record => record.Id.ToString()));
            if (page.Next is not { } next) return all;
            after = next;
        }
    }
}
