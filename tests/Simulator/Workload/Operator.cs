using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Workload;

/// <summary>Rolls out, aborts and undoes, by the ops door. Each is answered with the code of its refusal, or null when it was accepted.</summary>
/// <remarks><see cref="ErrorCodes.Deadline"/>: nobody answered in time.</remarks>
internal sealed class Operator(SimulatedWorld world)
{
    const string Name = "operator";
    // The version grain's process may die with the question: then nobody answers.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public Task<string?> RollOut(IReadOnlyList<ModuleId> modules, bool dryRun = false) =>
        Ask($"roll out {string.Join(", ", modules)}{(dryRun ? ", dry run" : "")}", async () => (await world.Cluster.Ops.StartRollout(new RolloutRequest { Modules = modules, DryRun = dryRun }, Name, default)).Id);

    public Task<string?> Undo() => Ask("undo", async () => (await world.Cluster.Ops.Undo(new UndoRequest(), Name, default)).Id);

    public Task<string?> Abort(string rollout) =>
        Ask($"abort {rollout}", async () => (await world.Cluster.Ops.AbortRollout(rollout, new AbortRequest(), Name, default)).Phase.ToString());

    async Task<string?> Ask(string what, Func<Task<string>> ask)
    {
        try
        {
            var answer = ask();
            if (await Task.WhenAny(answer, Task.Delay(Patience, world.OutsideTime)) != answer)
            {
                world.See(new OperatorAsked(what, "no answer"));
                return ErrorCodes.Deadline;
            }
            world.See(new OperatorAsked(what, $"accepted: {await answer}"));
            return null;
        }
        catch (FindingsException refused)
        {
            return Refused(refused.Code);
        }
        catch (CallFailedException failed)
        {
            return Refused(failed.Error.Code);
        }

        string Refused(string code)
        {
            world.See(new OperatorAsked(what, $"refused: {code}"));
            return code;
        }
    }
}
