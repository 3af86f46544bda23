using Evergrain.Contracts;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Workload;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Runs;

/// <summary>When the faults let fewer rollouts through than a run has to have, they are tried again after all is well: they have to work.</summary>
internal sealed class Encore(SimulatedWorld world, Operator ops, Stage stage)
{
    const int MostAttempts = 6;
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public void Play(RunSize size)
    {
        for (var attempt = 0; attempt < MostAttempts && (size.Rollouts < RunSize.LeastRollouts || !size.Migrated); attempt++)
        {
            stage.Until(() => world.Record.Record.Rollout is not { Ended: false }, Patience);
            stage.Do(() => ops.RollOut([size.Migrated ? Next("badge", "1.0.0", "1.1.0") : Next(attempt % 2 == 0 ? "wallet" : "room", "1.0.0", "2.0.0")]));
            stage.Until(() => world.Record.Record.Rollout is not { Ended: false }, Patience);
        }
    }

    ModuleId Next(string module, string one, string other) => new(module, world.Record.Record.Release.Packages.Any(package => package.Id == new ModuleId(module, one)) ? other : one);
}
