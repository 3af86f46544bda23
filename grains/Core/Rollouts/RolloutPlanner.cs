using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>Makes a rollout of a request, against one record. Bad input is a <see cref="FindingsException"/> with every finding.</summary>
internal sealed class RolloutPlanner(IReleasePackages packages, IIdSource ids, TimeProvider time)
{
    public async Task<Rollout> Plan(ClusterRecord record, RolloutRequest request, string actor)
    {
        List<Finding> findings = [.. RequestFindings.Shape(request)];
        var asked = new List<PackageRef>();
        foreach (var id in request.Modules.Distinct().Take(RequestFindings.MostModules))
        {
            var versions = await packages.Versions(id.Name, CancellationToken.None);
            if (versions.FirstOrDefault(version => version.Ref.Version == id.Version) is { } found) asked.Add(found.Ref);
            else findings.Add(versions.Count == 0 ? RequestFindings.UnknownModule(id) : RequestFindings.UnknownVersion(id, versions.Select(version => version.Ref.Version)));
        }
        if (RequestFindings.Running(record, undo: false) is { } running) findings.Add(running);
        var next = Merge(record.Release.Packages, asked);
        if (findings.Count == 0 && !next.Except(record.Release.Packages).Any()) findings.Add(RequestFindings.NothingToDo());
        RequestFindings.ThrowIfAny(findings);

        var plan = await Draft(record, next, actor, request.Reason, request.DeadlineSeconds, request.OneWay);
        return plan with { DryRun = request.DryRun, AcceptDifferences = request.AcceptDifferences, PrepareRetries = request.PrepareRetries };
    }

    public async Task<Rollout> PlanUndo(ClusterRecord record, ClusterHistory history, UndoRequest request, string actor)
    {
        List<Finding> findings = [.. RequestFindings.Common(request.DeadlineSeconds, request.Reason)];
        if (RequestFindings.Running(record, undo: true) is { } running) findings.Add(running);
        var back = UndoChain.Next(record.Release, history);
        if (back is null) findings.Add(RequestFindings.NothingToUndo(record.Epoch));
        RequestFindings.ThrowIfAny(findings);

        var plan = await Draft(record, back!.Value.Target.Packages, actor, request.Reason, request.DeadlineSeconds, request.OneWay);
        return plan with { Undoes = back.Value.Undoes };
    }

    async Task<Rollout> Draft(ClusterRecord record, IReadOnlyList<PackageRef> next, string actor, string? reason, int deadlineSeconds, bool oneWay)
    {
        var (described, served) = (await Describe(next), await Describe([.. record.Release.Packages, .. record.Release.Migrators]));
        var migrators = MigratorPlan.Of(described, served);
        var cannotGoBack = OneWayCheck.Of(described, [.. served.Where(package => record.Release.Packages.Contains(package.Ref))], [.. served.Where(package => migrators.Contains(package.Ref))]);
        if (!oneWay) RequestFindings.ThrowIfAny(cannotGoBack);
        var now = time.GetUtcNow();
        var trace = ids.NewGuid().ToString("N");
        return new Rollout
        {
            Id = ids.NewGuid().ToString("N")[^12..],
            Phase = RolloutPhase.Requested,
            FromEpoch = record.Epoch,
            Packages = next,
            Migrators = migrators,
            OneWay = oneWay,
            Accepted = cannotGoBack,
            Replaced = [.. record.Release.Packages.Except(next)],
            Changes = await Changes(record.Release.Packages, next),
            Actor = actor,
            Reason = reason,
            TraceId = trace,
            PrepareRetries = new RolloutRequest { Modules = [] }.PrepareRetries,
            Allowed = TimeSpan.FromSeconds(deadlineSeconds),
            RequestedAt = now,
            Timings = [new PhaseTime(RolloutPhase.Requested, now)],
        };
    }

    static IReadOnlyList<PackageRef> Merge(IReadOnlyList<PackageRef> serving, IReadOnlyList<PackageRef> asked)
    {
        var changed = asked.Select(package => package.Name).ToHashSet(StringComparer.Ordinal);
        return [.. serving.Where(package => !changed.Contains(package.Name)).Concat(asked).OrderBy(package => package.Name, StringComparer.Ordinal)];
    }

    async Task<IReadOnlyList<ModuleChange>> Changes(IReadOnlyList<PackageRef> from, IReadOnlyList<PackageRef> to)
    {
        var changes = new List<ModuleChange>();
        foreach (var name in from.Concat(to).Select(package => package.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (before, after) = (from.FirstOrDefault(package => package.Name == name), to.FirstOrDefault(package => package.Name == name));
            if (before == after) continue;
            changes.Add(new ModuleChange(name, before?.Version, after?.Version, await packages.MethodsChanged(before, after, CancellationToken.None)));
        }
        return changes;
    }

    // A package that is no longer in the store could not be loaded as migrator either.
    async Task<IReadOnlyList<ReleasePackage>> Describe(IReadOnlyList<PackageRef> refs)
    {
        var known = new List<ReleasePackage>();
        foreach (var package in refs)
            known.AddRange((await packages.Versions(package.Name, CancellationToken.None)).Where(version => version.Ref == package));
        return known;
    }
}
