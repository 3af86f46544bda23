using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Core.Tests.Entities.Lab;

namespace Evergrain.Core.Tests.Entities;

/// <summary>Random interleavings of calls, transfers, retries, moves, lost replies, failed writes, rollouts and killed silos. A seed replays.</summary>
public sealed class RandomRunTests
{
    const int Vaults = 5;
    const int Start = 100;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Gold_is_neither_made_nor_lost_and_every_key_runs_once(int seed)
    {
        var random = new Random(seed);
        using var world = new World(random: random);
        world.Add("two");
        world.Add("three");
        for (var i = 0; i < Vaults; i++) world.Call(Vault(i), "safe.add", new Amount(Start));
        Assert.Equal(Vaults * Start, world.Store.List(new EntityQuery("vault", 100)).Result.Records.Sum(Gold));

        var deposits = new Dictionary<Guid, (string Vault, List<Task<CallReply>> Tries)>();
        var losses = new Random(seed + 1000);
        world.LoseReply = request => request.Delivery && losses.Next(4) == 0;
        world.LoseRequest = request => request.Delivery && losses.Next(10) == 0;
        var epoch = 1L;
        for (var step = 0; step < 200; step++) Step();

        world.LoseReply = world.LoseRequest = null;
        world.Store.Faults.Clear();
        for (var i = 0; i < 100 && (i < 5 || world.Store.Index.Count > 0); i++)
        {
            foreach (var id in world.Store.Index) world.Begin(new CallRequest { Entity = id, Operation = Core.Entities.EntitySilo.WakeOperation, Caller = "silo/test" });
            world.Advance(5);
        }

        Assert.Empty(world.Store.Index);
        // What was answered with success is there; what was not may be, but never twice: ask again with the same keys.
        foreach (var (key, (vault, tries)) in deposits)
        {
            var answers = tries.Where(call => call.IsCompleted && call.Result.Ok).Select(call => world.Number(call.Result)).Distinct().ToList();
            var again = world.Call(vault, "safe.add", new Amount(1), key: key);
            if (again.Ok) answers.Add(world.Number(again));
            Assert.True(answers.Distinct().Count() == 1, $"The key {key} was answered {string.Join(", ", answers)}.");
        }
        world.Advance(2);
        Assert.Equal(Vaults * Start + deposits.Count, world.Store.List(new EntityQuery("vault", 100)).Result.Records.Sum(Gold));
        Assert.All(world.Store.Written.GroupBy(write => write.Record.Id), writes => Assert.Equal(writes.Select(w => w.Record.Epoch).Order(), writes.Select(w => w.Record.Epoch)));

        void Step()
        {
            switch (random.Next(12))
            {
                case < 4:
                    world.Begin(Vault(random.Next(Vaults)), "safe.send", new Ask(Vault(random.Next(Vaults)), "safe.give", random.Next(5)), key: world.Ids.NewGuid());
                    break;
                case < 6:
                    var key = deposits.Count > 0 && random.Next(2) == 0 ? deposits.Keys.ElementAt(random.Next(deposits.Count)) : world.Ids.NewGuid();
                    if (!deposits.TryGetValue(key, out var deposit)) deposits[key] = deposit = (Vault(random.Next(Vaults)), []);
                    deposit.Tries.Add(world.Begin(deposit.Vault, "safe.add", new Amount(1), key: key));
                    break;
                case 6:
                    world.Place(Vault(random.Next(Vaults)), world.Silos.Where(silo => !silo.Dead).OrderBy(_ => random.Next()).First());
                    break;
                case 7:
                    world.Store.Faults.Enqueue((WriteFault)random.Next(4));
                    break;
                case 8 when random.Next(8) == 0 && world.Silos.Count(silo => !silo.Dead) > 1:
                    world.Silos.Where(silo => !silo.Dead).OrderBy(_ => random.Next()).First().Kill();
                    break;
                case 9 when random.Next(3) == 0:
                    world.Serve(++epoch, world.Lab1, TestTables.Slot<SafeModule>("safe", $"1.{epoch}.0"));
                    break;
                case 10:
                    world.Advance(random.NextDouble());
                    break;
                default:
                    for (var i = random.Next(30); i > 0; i--) world.Executor.Step();
                    break;
            }
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void The_same_seed_makes_the_same_run(int seed) => Assert.Equal(Trace(seed), Trace(seed));

    static string Trace(int seed)
    {
        using var world = new World(random: new Random(seed));
        for (var i = 0; i < 20; i++) world.Begin(Vault(i % Vaults), "safe.send", new Ask(Vault((i + 1) % Vaults), "safe.add", 1));
        world.Advance(3);
        return string.Join('\n', world.Store.Written.Select(write => $"{write.Record.Id} {write.Record.WriteId}"));
    }

    static string Vault(int i) => $"vault/{i}";

    // A vault's own gold, and what left it and has not arrived.
    static int Gold(EntityRecord record) => System.Text.Json.JsonSerializer.Deserialize(record.Slices[0].Bytes, LabJson.Default.Box)!.Count;
}
