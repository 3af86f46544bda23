using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.Plans;
using Evergrain.Simulator.World;
using Evergrain.Simulator.Workload;

namespace Evergrain.Simulator.Faults;

/// <summary>Some faults strike only what a silo does seldom: in phases where nothing would do it by itself, something is made to.</summary>
internal sealed class Occasions(SimulatedWorld world, SiloFaults silos)
{
    const int Visits = 4;
    const int FirstVisit = 10_000; // beyond the numbers of planned calls

    int visits;

    /// <summary>What is out is out for all; what a silo does seldom is made to fail wherever it is done.</summary>
    public static bool AreEverywhere(FaultKind kind) => kind is FaultKind.PrepareFails or FaultKind.CodeHeld or FaultKind.MigrationThrows or FaultKind.StoreOut;

    public Task Bring(PlannedFault fault) => fault.Kind switch
    {
        // A silo that joins loads what serves.
        FaultKind.PrepareFails when Phase() is not RolloutPhase.Preparing => silos.Do(fault with { Kind = FaultKind.Join }, isFault: false),
        // A silo that leaves unloads what it has.
        FaultKind.CodeHeld when Phase() is not (RolloutPhase.Draining or RolloutPhase.Aborting) => silos.Do(fault with { Kind = FaultKind.KillSilo }, isFault: false),
        // An entity that was active nowhere is brought to the schema that serves when someone calls it.
        FaultKind.MigrationThrows => Visit(),
        _ => Task.CompletedTask,
    };

    /// <summary>A wallet is brought to a state for which the step that comes next has no case, or the one after it.</summary>
    public async Task Stick(PlannedFault fault)
    {
        var wallet = WorkloadPlanner.Wallet(fault.Silo % WorkloadPlanner.Wallets);
        var up = Schema("wallet") == 1 && fault.Number % 3 != 0;
        var call = Call(wallet, "wallet.credit", new Credit(StuckStates.Id($"s{fault.Number}", up), 1), keyed: true);
        await new Player($"visitor{call.Number}", world).Play([call]);
        if (world.Entities.Read(wallet) is { } record && StuckStates.Has(record)) world.See(new FaultTook(FaultKind.StateSticks, wallet.ToString()));
    }

    Task Visit()
    {
        var cold = world.Entities.Records.Where(record => record.Slices.Any(slice => slice.Module is "wallet" or "room" && slice.Schema != Schema(slice.Module))).Take(Visits)
            .Select(record => Call(record.Id, $"{record.Id.Kind}.look", Evergrain.ModuleSdk.Nothing.Value, keyed: false)).ToList();
        return Task.WhenAll(cold.Select(call => new Player($"visitor{call.Number}", world).Play([call])));
    }

    PlannedCall Call(EntityId entity, string operation, object arguments, bool keyed) => new(FirstVisit + visits++, 0, TimeSpan.Zero, entity, operation, arguments, keyed, PlannedCall.UsualPatience);
    int Schema(string module) => world.Record.Record.Release.Packages.FirstOrDefault(package => package.Id.Name == module) is { } serves ? GameVersions.Schema(serves.Id) : 0;
    RolloutPhase? Phase() => world.Record.Record.Rollout is { Ended: false } running ? running.Phase : null;
}
