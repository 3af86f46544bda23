using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rehearsals;
using Evergrain.Core.Rollouts;
using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks;

/// <summary>P9: an aborted or failed rollout leaves nothing behind, the old version never stopped serving, and the next try works.</summary>
internal sealed class NothingStaysBehind(Known known) : Checker("P9")
{
    // What runs beside the turns is cancelled at once when its version goes; a silo that stands still or is busy takes a little.
    static readonly TimeSpan WorkEnds = TimeSpan.FromSeconds(5);

    // A version that was loaded only to migrate by stays for three seconds after its last use.
    static readonly TimeSpan MigratorGoes = TimeSpan.FromSeconds(8);

    // So long after it was loaded, code that no release names and nobody uses has been forgotten.
    static readonly TimeSpan NobodyUses = TimeSpan.FromSeconds(60);

    readonly Dictionary<(int Life, ModuleId Module), TimeSpan> outSince = [];
    readonly Dictionary<int, IReadOnlyList<ModuleId>> routes = [];
    readonly List<CodeBusy> work = [];
    readonly Dictionary<(int Life, ModuleId Module), TimeSpan> migrated = [];
    readonly Dictionary<ModuleId, HashSet<Guid>> abandoned = [];
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
            case SiloRoutes moved:
                Route(moved);
                break;
            case CodeBusy { What: "watching" } piece:
                Work(piece);
                break;
            case CodeMigrates used:
                migrated[(used.Life, used.Module)] = used.At;
                break;
            case CodeMoved { Move: CodeMove.Loaded } moved:
                migrated[(moved.Life, moved.Module)] = moved.At;
                if (abandoned.TryGetValue(moved.Module, out var silos) && known.Silos.Find(moved.Life) is { Ends: false, Left: null } at && silos.Contains(at.Instance))
                    Broken(moved.At, $"{moved.Module} is loaded on {moved.Silo}, and the only rollout with it was aborted.");
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
        foreach (var piece in work) Outlives(outcome.At, piece);
        var code = release.Packages.Where(package => package.Name != "tuning").Select(package => package.Id).ToHashSet();
        foreach (var silo in known.Silos.Members)
        {
            var loaded = known.Code.Of(silo.Life).ToHashSet();
            foreach (var module in loaded.Where(module => !code.Contains(module) && !release.Migrators.Any(package => package.Id == module) && IsForgotten(outcome, silo, module)))
                Broken(outcome.At, $"{silo.Silo} has {module} loaded, which no release names.");
            if (!outcome.Converged) continue;
            foreach (var module in code.Where(module => known.Code.Count(silo.Life, module) != 1))
                Broken(outcome.At, $"{silo.Silo} serves epoch {outcome.Record.Epoch} and has loaded {module} {known.Code.Count(silo.Life, module)} times.");
            foreach (var module in loaded.Where(module => !code.Contains(module) && outcome.At - migrated[(silo.Life, module)] > MigratorGoes))
                Broken(outcome.At, $"{silo.Silo} has {module} loaded, and has not migrated by it since {migrated[(silo.Life, module)].TotalSeconds:0.000}.");
        }
    }

    // Where not all has settled, what still goes may go yet: what nobody uses had its time.
    bool IsForgotten(Outcome outcome, SiloLife silo, ModuleId module) => outcome.Converged || outcome.Record.Rollout is { Ended: true } && outcome.At - migrated[(silo.Life, module)] > NobodyUses
        && outcome.Silos.Where(status => status.Id == silo.Silo).SelectMany(status => status.Modules).All(slot => slot.Leases == 0 || slot.Name != module.Name || slot.Version != module.Version);

    void Route(SiloRoutes moved)
    {
        var now = moved.Slots.Select(slot => slot.Id).ToList();
        foreach (var module in routes.GetValueOrDefault(moved.Life) ?? []) if (!now.Contains(module)) outSince[(moved.Life, module)] = moved.At;
        foreach (var module in now) outSince.Remove((moved.Life, module));
        routes[moved.Life] = now;
    }

    void Work(CodeBusy piece)
    {
        if (piece.Begins) work.Add(piece);
        else if (work.FindIndex(one => one.Life == piece.Life && one.Entity == piece.Entity && one.Module == piece.Module) is >= 0 and var began)
        {
            work.RemoveAt(began);
            Outlives(piece.At, piece);
        }
    }

    void Outlives(TimeSpan until, CodeBusy piece)
    {
        if (!outSince.TryGetValue((piece.Life, piece.Module), out var since) || known.Silos.Find(piece.Life) is not { Ends: false, Left: null } silo) return;
        if (known.EverBehind(piece.Entity) || silo.StoodUntil + WorkEnds > since) return;
        if (until - since > WorkEnds) Broken(until, $"{piece.What} of {piece.Entity} ran by {piece.Module} on {piece.Silo} until {(until - since).TotalSeconds:0.0} s after that version had gone.");
    }

    void See(RecordStored stored, Rollout rollout)
    {
        if (rollout.Phase is RolloutPhase.Requested && isOver) begunInPeace.Add(rollout.Id);
        if (rollout.Phase is RolloutPhase.Requested)
            foreach (var package in rollout.Packages) abandoned.Remove(package.Id);
        if (rollout.Phase is not RolloutPhase.Aborted || stored.Before.Rollout is not { Phase: RolloutPhase.Aborting } aborting) return;
        if (begunInPeace.Contains(rollout.Id) && !rollout.DryRun && !rollout.Findings.Any(finding => finding.Code == "rollout/abort-asked" || finding.Code == RehearsalRule.Failed && known.Entities.All.Any(entity => entity.Sticks && finding.Where == entity.Id.ToString())))
            Broken(stored.At, $"rollout {rollout.Id}, begun when nothing went wrong any more, was aborted: {string.Join(' ', rollout.Findings.Select(finding => finding.Message))}");
        // With a finding it says what stayed, and who holds it.
        if (rollout.Findings.Count > aborting.Findings.Count) return;
        foreach (var package in rollout.Packages.Except(stored.After.Release.Packages).Except(stored.After.Release.Migrators))
        foreach (var silo in stored.After.Silos)
            if (known.Silos.Find(silo.Instance) is { Ends: false, Left: null } life && known.Code.Count(life.Life, package.Id) > 0)
                Broken(stored.At, $"rollout {rollout.Id} is aborted, and {silo.Id} has {package} loaded still.");
        // What never served nobody may load any more, not even to migrate by it.
        foreach (var package in rollout.Packages)
            if (!known.Releases.Served(package.Name, package.Version, long.MaxValue)) abandoned[package.Id] = [.. stored.After.Silos.Select(silo => silo.Instance)];
    }
}
