using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.ModuleSdk;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Plans;

/// <summary>Makes a run's plan from its seed. Pure.</summary>
internal static class Planner
{
    public const int Wallets = 10;
    public const int Rooms = 10;
    public const int Players = 8;
    public const int Calls = 220;

    static readonly FaultKind[] kinds = Enum.GetValues<FaultKind>();
    static readonly RolloutPhase?[] phases = [null, null, .. Enum.GetValues<RolloutPhase>().Select(phase => (RolloutPhase?)phase)];

    public static EntityId Wallet(int number) => new("wallet", $"w{number}");
    public static EntityId Room(int number) => new("room", $"r{number}");

    public static Plan Make(int seed)
    {
        var random = new Random(seed);
        return new Plan
        {
            Seed = seed,
            Silos = random.Next(3, 5),
            Calls = [.. Enumerable.Range(0, Calls).Select(number => Call(number, random))],
            Rollouts = [.. Enumerable.Range(0, random.Next(2, 4)).Select(number => Rollout(number, random))],
            Faults = [.. Enumerable.Range(0, random.Next(4, 8)).Select(number => Fault(number, random))],
        };
    }

    static PlannedCall Call(int number, Random random)
    {
        var (wallet, room) = (Wallet(random.Next(Wallets)), Room(random.Next(Rooms)));
        var (entity, operation, arguments) = random.Next(20) switch
        {
            < 5 => (wallet, "wallet.transfer", new Transfer($"t{number}", Wallet(random.Next(Wallets)).Key, random.Next(1, 5))),
            < 7 => (wallet, "wallet.credit", new Credit($"c{number}", random.Next(1, 5))),
            < 8 => (wallet, "wallet.look", Nothing.Value),
            < 10 => (wallet, "badge.award", new Hit($"b{number}")),
            < 14 => (room, "room.hit", (object)new Hit($"h{number}")),
            < 15 => (room, "room.hit-later", new Hit($"l{number}")),
            < 17 => (room, "room.ask", new Ask($"a{number}", Room(random.Next(Rooms)).Key, random.Next(8) == 0)),
            < 18 => (room, "room.watch", Nothing.Value),
            _ => (room, "room.look", Nothing.Value),
        };
        return new PlannedCall(number, random.Next(Players), TimeSpan.FromMilliseconds(random.Next(10, 200)), entity, operation, arguments, Keyed: random.Next(4) > 0);
    }

    static PlannedRollout Rollout(int number, Random random)
    {
        var modules = new List<ModuleId>();
        var migrating = number == 0 ? random.Next(2) : -1;
        if (migrating == 0 || random.Next(2) == 0) modules.Add(new ModuleId("wallet", migrating == 0 ? "2.0.0" : Pick(random, "1.0.0", "1.1.0", "2.0.0")));
        if (migrating == 1 || random.Next(2) == 0) modules.Add(new ModuleId("room", migrating == 1 ? "2.0.0" : Pick(random, "1.0.0", "1.1.0", "2.0.0")));
        if (random.Next(3) == 0) modules.Add(new ModuleId("badge", Pick(random, "1.0.0", "1.1.0")));
        if (modules.Count == 0 || random.Next(3) == 0) modules.Add(new ModuleId("tuning", Pick(random, "1.0.0", "2.0.0", "3.0.0")));
        return new PlannedRollout(number, TimeSpan.FromMilliseconds(200 + 1000 * number + random.Next(500)), modules, DryRun: random.Next(12) == 0);
    }

    static PlannedFault Fault(int number, Random random) => new(number, Pick(random, kinds), random.Next(16), Pick(random, phases),
        TimeSpan.FromMilliseconds(random.Next(3) == 0 ? random.Next(2500) : 0), random.Next(40), TimeSpan.FromMilliseconds(random.Next(100, 1500)),
        Pick(random, 0.1, 0.3, 1.0), TimeSpan.FromMilliseconds(random.Next(20, 800)));

    static T Pick<T>(Random random, params ReadOnlySpan<T> of) => of[random.Next(of.Length)];
}
