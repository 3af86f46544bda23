using System.Text.RegularExpressions;
using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Stores.Tests.Conformance;
using Evergrain.Stores.Tests.Stores;

namespace Evergrain.Stores.Tests;

/// <summary>What a server hears of a batch of writes, as its own log has it.</summary>
[Collection(PostgresCollection.Name), Needs(typeof(PostgresServer))]
public sealed partial class PostgresBatchTests(PostgresHouse house) : StoreTest(house)
{
    readonly PostgresHouse house = house;

    [StoreFact]
    public async Task Writes_of_different_entities_that_wait_together_are_one_statement()
    {
        var (outcomes, statements) = await Heard([.. Enumerable.Range(0, 64).Select(i => new EntityWrite(Sample.Entity($"box/{i}"), null))]);

        Assert.All(outcomes, outcome => Written(outcome));
        Assert.Equal(["WITH"], statements);
    }

    [StoreFact]
    public async Task Two_writes_of_one_entity_are_two_statements_of_one_transaction()
    {
        var etag = Written(await Write(Sample.Entity("box/a"), null));
        var (outcomes, statements) = await Heard([new(Sample.Entity("box/a", "first"), etag), new(Sample.Entity("box/b"), null), new(Sample.Entity("box/a", "second"), etag)]);

        Assert.Equal([false, false, true], outcomes.Select(outcome => outcome.Conflict));
        Assert.Equal("first", Sample.State(await Store.Entities.Read(EntityId.Parse("box/a"))));
        Assert.Equal(["BEGIN", "WITH", "WITH", "COMMIT"], statements);
    }

    /// <summary>Writes them, each by itself, while the writing thread is held; then it finds them all.</summary>
    async Task<(WriteOutcome[] Outcomes, IEnumerable<string> Statements)> Heard(EntityWrite[] writes)
    {
        house.Server.Execute(house.Database, $"ALTER DATABASE {house.Database} SET log_statement = 'all'");
        await Reopen();
        var store = (IOpenDurableStore)Store;
        ValueTask<IReadOnlyList<WriteOutcome>>[] waiting;
        var before = house.Server.Log().Length;
        using (store.HoldWrites()) waiting = [.. writes.Select(write => store.Entities.Write([write]))];
        var outcomes = new List<WriteOutcome>();
        foreach (var one in waiting) outcomes.AddRange(await one);
        return ([.. outcomes], Statement().Matches(house.Server.Log()[before..]).Select(match => match.Groups["first"].Value));
    }

    // "… LOG:  execute <unnamed>: WITH w AS …", "… LOG:  statement: COMMIT"
    [GeneratedRegex(@"LOG:  (statement|execute [^:]+): (?<first>\w+)")]
    private static partial Regex Statement();
}
