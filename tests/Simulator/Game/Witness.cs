using Evergrain.Contracts;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Game;

/// <summary>What the game's own code tells of itself. Handlers hold nothing, so they find the run by their thread.</summary>
internal static class Witness
{
    [ThreadStatic] static SimulatedWorld? world;

    public static void Attach(SimulatedWorld? run) => world = run;

    /// <summary>A handler runs. It throws here when it is to fail.</summary>
    public static void Saw(EntityId entity, string module, string version, string what)
    {
        var silo = Silo();
        world!.See(new CodeRan(silo, entity, new ModuleId(module, version), what));
        if (world.Weather.Strikes(FaultKind.HandlerThrows, silo, $"{what} of {entity}")) throw new InvalidOperationException("The weather has it so.");
    }

    /// <summary>A handler or tracked work that waits: it runs until it is disposed.</summary>
    public static IDisposable Enter(EntityId entity, string module, string version, string what)
    {
        var busy = new Busy(world!, Silo(), entity, new ModuleId(module, version), what);
        return busy;
    }

    /// <exception cref="InvalidOperationException">The weather has it so.</exception>
    public static void Migrates(string module, string version)
    {
        if (world!.Weather.Strikes(FaultKind.MigrationThrows, Silo(), $"{module}@{version} migrates")) throw new InvalidOperationException("The weather has it so.");
    }

    static string Silo() => world!.Schedule.Running?.Name ?? "nobody";

    sealed class Busy : IDisposable
    {
        readonly SimulatedWorld run;
        readonly CodeBusy began;

        public Busy(SimulatedWorld run, string silo, EntityId entity, ModuleId module, string what)
        {
            (this.run, began) = (run, new CodeBusy(silo, entity, module, what, true));
            run.See(began);
        }

        public void Dispose() => run.See(new CodeBusy(began.Silo, began.Entity, began.Module, began.What, false));
    }
}
