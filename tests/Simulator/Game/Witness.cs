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
    public static void Saw(EntityId entity, string module, string version, string what, long? frame = null)
    {
        var (silo, life) = Silo();
        world!.See(new CodeRan(silo, life, entity, new ModuleId(module, version), what, frame));
        if (world.Weather.Strikes(FaultKind.HandlerThrows, silo, $"{what} of {entity}")) throw new InvalidOperationException("The weather has it so.");
    }

    /// <summary>A handler or tracked work that waits: it runs until it is disposed.</summary>
    public static IDisposable Enter(EntityId entity, string module, string version, string what) => new Busy(world!, entity, new ModuleId(module, version), what);

    /// <exception cref="InvalidOperationException">The weather has it so.</exception>
    public static void Migrates(string module, string version)
    {
        var (silo, life) = Silo();
        world!.See(new CodeMigrates(silo, life, new ModuleId(module, version)));
        if (world.Weather.Strikes(FaultKind.MigrationThrows, silo, $"{module}@{version} migrates")) throw new InvalidOperationException("The weather has it so.");
    }

    static (string Name, int Life) Silo() => world!.Schedule.Running is { } process ? (process.Name, process.Number) : ("nobody", -1);

    sealed class Busy : IDisposable
    {
        readonly SimulatedWorld run;
        readonly CodeBusy began;

        public Busy(SimulatedWorld run, EntityId entity, ModuleId module, string what)
        {
            var (silo, life) = Silo();
            (this.run, began) = (run, new CodeBusy(silo, life, entity, module, what, true));
            run.See(began);
        }

        public void Dispose() => run.See(began with { Begins = false });
    }
}
