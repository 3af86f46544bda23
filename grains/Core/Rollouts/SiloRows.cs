using Evergrain.Contracts.Ops;

namespace Evergrain.Core.Rollouts;

/// <summary>The rows of a rollout's status, one for each silo that took part. Pure.</summary>
internal static class SiloRows
{
    public static IReadOnlyList<SiloRolloutStatus> Of(RolloutState state, DateTimeOffset now, RolloutOptions options)
    {
        var rollout = state.Record.Rollout!;
        var known = rollout.Silos.ToDictionary(row => row.Silo, StringComparer.Ordinal);
        var rows = new SortedDictionary<string, SiloRolloutStatus>(StringComparer.Ordinal);
        foreach (var row in rollout.Silos) rows[row.Silo] = row with { State = "left" };
        foreach (var silo in state.Record.Silos) rows[silo.Id] = Row(state, silo, known.GetValueOrDefault(silo.Id), state.HasLeft(silo, now, options));
        return [.. rows.Values];
    }

    static SiloRolloutStatus Row(RolloutState state, EnrolledSilo silo, SiloRolloutStatus? known, bool left)
    {
        var rollout = state.Record.Rollout!;
        var report = state.ReportOf(silo);
        var own = rollout.Prepares && report?.RolloutId == rollout.Id ? report.Packages : [];
        var took = own.Sum(row => row.Milliseconds);
        return new SiloRolloutStatus(silo.Id,
            left ? "left" : Word(rollout, Standing.Of(state, silo), known),
            Math.Max(own.Select(row => row.Tries).DefaultIfEmpty().Max(), known?.Tries ?? 0),
            report?.Epoch ?? known?.Epoch ?? 0,
            took > 0 ? took : known?.PrepareMs)
        {
            Rehearsal = Rehearsed(own) ?? known?.Rehearsal,
        };
    }

    static RehearsalCount? Rehearsed(IReadOnlyList<PackageReport> packages) =>
        packages.Any(row => row.Rehearsal is not null) ? packages.Aggregate(RehearsalCount.None, (all, row) => row.Rehearsal is { } one ? all + one : all) : null;

    // While and after an abort the row goes on to say how preparing went: that is what an operator looks for.
    static string Word(Rollout rollout, SiloStanding standing, SiloRolloutStatus? known) =>
        rollout.Phase is RolloutPhase.Aborting or RolloutPhase.Aborted ? known?.State ?? "waiting"
        : standing switch
        {
            SiloStanding.Waiting => rollout.Epoch is null ? "waiting" : "prepared",
            SiloStanding.Preparing => "preparing",
            SiloStanding.Prepared => "prepared",
            SiloStanding.Refused => "refused",
            SiloStanding.Draining => "draining",
            SiloStanding.Stuck => "serving",
            SiloStanding.Left => "left",
            _ => "done",
        };
}
