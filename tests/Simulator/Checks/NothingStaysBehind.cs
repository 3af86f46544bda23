using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;
using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks;

/// <summary>P9: an aborted or failed rollout leaves nothing behind, the old version never stopped serving, and the next try works.</summary>
internal sealed class NothingStaysBehind(Known known) : Checker("P9")
{
    readonly HashSet<string> begunInPeace = new(StringComparer.Ordinal);
    bool isOver;

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case FaultsEnded:
                isOver = true;
                break;
            case RecordStored { After.Rollout: { } rollout } stored:
                See(stored, rollout);
                break;
            case CodeMoved { Move: CodeMove.Unloaded } moved when known.Code.Count(moved.Life, moved.Module) == 0:
                if (known.Silos.Find(moved.Life) is { Ends: false, Left: null, Routes: { } routes } && routes.Slots.Any(slot => slot.Id == moved.Module))
                    Broken(moved.At, $"{moved.Module} was unloaded on {moved.Silo}, which routes by it at epoch {routes.Epoch}.");
                break;
        }
    }

    public override void AtEnd(Outcome outcome)
    {
        var release = outcome.Record.Release;
        foreach (var silo in outcome.Silos)
        foreach (var slot in silo.Modules)
        {
            var named = release.Packages.Any(package => package.Digest == slot.Digest);
            var migrates = release.Migrators.Any(package => package.Digest == slot.Digest);
            if (slot.State is SlotState.Serving && !named || slot.State is SlotState.Ready && !migrates) Broken(outcome.At, $"{slot.Name}@{slot.Version} on {silo.Id} is {slot.State}, and no release names it.");
        }
        if (!outcome.Converged) return;
        var code = release.Packages.Where(package => package.Name != "tuning").Select(package => package.Id).ToHashSet();
        foreach (var silo in known.Silos.Members)
        {
            var loaded = known.Code.Of(silo.Life).ToHashSet();
            foreach (var module in code.Where(module => !loaded.Contains(module))) Broken(outcome.At, $"{silo.Silo} serves epoch {outcome.Record.Epoch} and has not loaded {module}.");
            foreach (var module in loaded.Where(module => !code.Contains(module) && !release.Migrators.Any(package => package.Id == module))) Broken(outcome.At, $"{silo.Silo} has {module} loaded, which no release names.");
        }
    }

    void See(RecordStored stored, Rollout rollout)
    {
        if (rollout.Phase is RolloutPhase.Requested && isOver) begunInPeace.Add(rollout.Id);
        if (rollout.Phase is not RolloutPhase.Aborted || stored.Before.Rollout is not { Phase: RolloutPhase.Aborting } aborting) return;
        if (begunInPeace.Contains(rollout.Id) && !rollout.DryRun && !rollout.Findings.Any(finding => finding.Code == "rollout/abort-asked"))
            Broken(stored.At, $"rollout {rollout.Id}, begun when nothing went wrong any more, was aborted: {string.Join(' ', rollout.Findings.Select(finding => finding.Message))}");
        // With a finding it says what stayed, and who holds it.
        if (rollout.Findings.Count > aborting.Findings.Count) return;
        foreach (var package in rollout.Packages.Except(stored.After.Release.Packages).Except(stored.After.Release.Migrators))
        foreach (var silo in stored.After.Silos)
            if (known.Silos.Find(silo.Instance) is { Ends: false, Left: null } life && known.Code.Count(life.Life, package.Id) > 0)
                Broken(stored.At, $"rollout {rollout.Id} is aborted, and {silo.Id} has {package} loaded still.");
    }
}
