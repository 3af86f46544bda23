using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Workload;

/// <summary>Rolls out, aborts and undoes, by the ops door.</summary>
internal sealed class Operator(SimulatedWorld world)
{
    const string Name = "operator";

    public Task<bool> RollOut(IReadOnlyList<ModuleId> modules, bool dryRun = false) =>
        Ask($"roll out {string.Join(", ", modules)}{(dryRun ? ", dry run" : "")}", async () => (await world.Cluster.Ops.StartRollout(new RolloutRequest { Modules = modules, DryRun = dryRun }, Name, default)).Id);

    public Task<bool> Undo() => Ask("undo", async () => (await world.Cluster.Ops.Undo(new UndoRequest(), Name, default)).Id);

    public Task<bool> Abort(string rollout) =>
        Ask($"abort {rollout}", async () => (await world.Cluster.Ops.AbortRollout(rollout, new AbortRequest(), Name, default)).Phase.ToString());

    async Task<bool> Ask(string what, Func<Task<string>> ask)
    {
        try
        {
            world.See(new OperatorAsked(what, $"accepted: {await ask()}"));
            return true;
        }
        catch (FindingsException refused)
        {
            world.See(new OperatorAsked(what, $"refused: {refused.Code}"));
            return false;
        }
    }
}
