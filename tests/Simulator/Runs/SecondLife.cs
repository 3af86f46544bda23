using Evergrain.Simulator.Faults;
using Evergrain.Simulator.Plans;
using Evergrain.Simulator.Workload;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Runs;

/// <summary>All silos and stores are lost, and the cluster begins anew from a backup. The players have seen what came after it: they ask once more, with its
/// key, what they asked last, and go on.</summary>
internal sealed class SecondLife(SimulatedWorld world, SiloFaults silos, Stage stage)
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The first life ends.</summary>
    public void End() => stage.Do(() =>
    {
        silos.EndAll();
        return Task.CompletedTask;
    });

    public void Play(Plan plan, Backup backup, IReadOnlyDictionary<int, Player> players)
    {
        world.Restore(backup);
        stage.Do(() => silos.Heal(plan.Silos));
        var calls = plan.CallsAfterRestore.ToLookup(call => call.Player);
        var work = players.Select(player => stage.Begin(() => Go(player.Value, calls[player.Key]))).ToList();
        stage.Until(() => Stage.AreDone(work), Patience);
    }

    static async Task Go(Player player, IEnumerable<PlannedCall> calls)
    {
        await player.AskAgain();
        await player.Play(calls);
    }
}
