using Evergrain.Contracts.Ops;
using Evergrain.Simulator.Game;
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

    public static bool AreRare(FaultKind kind) => kind is FaultKind.PrepareFails or FaultKind.CodeHeld or FaultKind.MigrationThrows;

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

    Task Visit()
    {
        var cold = world.Entities.Records.Where(record => record.Slices.Any(slice => slice.Module is "wallet" or "room" && slice.Schema != Schema(slice.Module))).Take(Visits)
            .Select(record => new PlannedCall(FirstVisit + visits++, 0, TimeSpan.Zero, record.Id, $"{record.Id.Kind}.look", Evergrain.ModuleSdk.Nothing.Value, Keyed: false, PlannedCall.UsualPatience)).ToList();
        return Task.WhenAll(cold.Select(call => new Player($"visitor{call.Number}", world, [call]).Play()));
    }

    int Schema(string module) => world.Record.Record.Release.Packages.FirstOrDefault(package => package.Id.Name == module) is { } serves ? GameVersions.Schema(serves.Id) : 0;
    RolloutPhase? Phase() => world.Record.Record.Rollout is { Ended: false } running ? running.Phase : null;
}
