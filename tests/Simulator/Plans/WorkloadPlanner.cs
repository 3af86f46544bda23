using Evergrain.Contracts;
using Evergrain.ModuleSdk;
using Evergrain.Simulator.Game;

namespace Evergrain.Simulator.Plans;

/// <summary>What players and operators set out to do.</summary>
internal sealed class WorkloadPlanner(Random random)
{
    public const int Wallets = 10;
    public const int Rooms = 10;
    public const int ColdWallets = 8;
    const int Players = 8;
    // Beyond the numbers of the other calls.
    const int SecondLife = 20_000;
    const int CallsAfterwards = 24;

    /// <summary>Milliseconds until the first rollout at the earliest.</summary>
    public const int First = 200;

    readonly Dictionary<string, string> planned = new(StringComparer.Ordinal);

    public static EntityId Wallet(int number) => new("wallet", $"w{number}");
    public static EntityId ColdWallet(int number) => new("wallet", $"cold{number}");
    public static EntityId Room(int number) => new("room", $"r{number}");

    /// <summary>The first calls go to every entity once.</summary>
    public PlannedCall Call(int number)
    {
        var wallet = Wallet(number < Wallets ? number : random.Next(Wallets));
        var room = Room(number < Wallets + Rooms ? number % Rooms : random.Next(Rooms));
        var (entity, operation, arguments) = (number < Wallets ? random.Next(10) : number < Wallets + Rooms ? random.Next(10, 20) : random.Next(20)) switch
        {
            < 5 => (wallet, "wallet.transfer", new Transfer($"t{number}", Wallet(random.Next(Wallets)).Key, random.Next(1, 5))),
            < 7 => (wallet, "wallet.credit", new Credit($"c{number}", random.Next(1, 5))),
            < 8 when random.Next(3) == 0 => (wallet, "wallet.close", new Close($"x{number}")),
            < 8 => (wallet, "wallet.look", Nothing.Value),
            < 10 => (wallet, "badge.award", new Hit($"b{number}")),
            < 14 => (room, "room.hit", (object)new Hit($"h{number}")),
            < 15 => (room, "room.hit-later", new Hit($"l{number}")),
            < 17 => (room, "room.ask", new Ask($"a{number}", Room(random.Next(Rooms)).Key, random.Next(16) == 0)),
            < 18 => (room, "room.watch", Nothing.Value),
            _ => (room, "room.look", Nothing.Value),
        };
        // Rooms wait for rooms: some who ask them have little patience.
        var patience = entity.Kind == "room" && random.Next(4) == 0 ? TimeSpan.FromMilliseconds(random.Next(50, 1000)) : PlannedCall.UsualPatience;
        return new PlannedCall(number, random.Next(Players), TimeSpan.FromMilliseconds(random.Next(10, 110)), entity, operation, arguments, Keyed: random.Next(4) > 0, patience);
    }

    /// <summary>What players do after a restore.</summary>
    public IEnumerable<PlannedCall> Afterwards() => Enumerable.Range(SecondLife, CallsAfterwards).Select(Call);

    /// <summary>The first migrates.</summary>
    /// <param name="aborts">One is to be aborted: a dry run is the surest way.</param>
    /// <param name="wallets">It is the wallets that migrate.</param>
    public PlannedRollout[] Rollouts(bool aborts, bool wallets)
    {
        var real = random.Next(3) == 0 ? 3 : 2;
        var dry = aborts ? random.Next(1, real + 1) : -1;
        var rollouts = Enumerable.Range(0, real + (aborts ? 1 : 0)).Select(number => Rollout(number, number == dry, wallets)).ToArray();
        // What was tried out is often what is wanted next.
        if (dry >= 0 && dry + 1 < rollouts.Length && random.Next(2) == 0) rollouts[dry + 1] = rollouts[dry + 1] with { Modules = rollouts[dry].Modules };
        return rollouts;
    }

    PlannedRollout Rollout(int number, bool dryRun, bool wallets)
    {
        var modules = new List<ModuleId>();
        var migrating = number > 0 ? null : wallets || random.Next(2) == 0 ? "wallet" : "room";
        foreach (var module in (ReadOnlySpan<string>)["wallet", "room"])
            if (module == migrating) modules.Add(new ModuleId(module, "2.0.0"));
            else if (random.Next(2) == 0) modules.Add(Other(module, "1.0.0", "1.1.0", "2.0.0"));
        if (random.Next(3) == 0) modules.Add(Other("badge", "1.0.0", "1.1.0"));
        if (modules.Count == 0 || random.Next(3) == 0) modules.Add(Other("tuning", "1.0.0", "2.0.0", "3.0.0"));
        if (!dryRun) foreach (var module in modules) planned[module.Name] = module.Version;
        return new PlannedRollout(number, TimeSpan.FromMilliseconds(First + 700 * number + random.Next(500)), modules, dryRun);
    }

    // Than the one that serves then, if all goes well.
    ModuleId Other(string module, params ReadOnlySpan<string> versions)
    {
        var now = planned.GetValueOrDefault(module, "1.0.0");
        var picked = versions[random.Next(versions.Length - 1)];
        return new ModuleId(module, picked == now ? versions[^1] : picked);
    }
}
