using Evergrain.Cli.Ops;
using Evergrain.Contracts.Ops;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Evergrain.Cli.Screens;

/// <summary>A rollout: at a glance, while it goes on, as it ended, and whole.</summary>
internal static class RolloutScreen
{
    static readonly RolloutPhase[] GoodWay =
        [RolloutPhase.Requested, RolloutPhase.Preparing, RolloutPhase.Prepared, RolloutPhase.Draining, RolloutPhase.Permanent];

    public static IRenderable Accepted(RolloutAccepted accepted) =>
        Say.Line($"rollout {Say.Heading(accepted.Id)} goes on by itself; look at it: {Say.Program} rollout status {Say.Safe(accepted.Id)}");

    public static IRenderable Waiting(string id) => Say.Line($"rollout {Say.Heading(id)}  {Say.State("requested")}");

    /// <summary>One line.</summary>
    public static IRenderable Glance(RolloutStatus status, DateTimeOffset now) =>
        Say.Line($"rollout {Say.Heading(status.Id)}  {Say.State(status.Phase.Word())}  {Changes(status)}  {Say.Faint(Age(status, now))}{Kind(status)}");

    /// <summary>What changes in place on a terminal while the rollout goes on.</summary>
    public static IRenderable Progress(RolloutStatus status, DateTimeOffset now) => new Rows(
        Glance(status, now),
        Say.Line(Way(status)),
        Text.Empty,
        Silos(status));

    /// <summary>What changes line by line where the output is redirected.</summary>
    public static string Step(RolloutStatus status)
    {
        var silos = string.Join(", ", status.Silos.Select(silo => silo.Tries > 1 ? $"{silo.Silo} {silo.State} (try {silo.Tries})" : $"{silo.Silo} {silo.State}"));
        return $"{status.Phase.Word(),-10}  {Say.Safe(silos)}{Rehearsed(status)}";
    }

    /// <summary>What it came to, in one or two lines; findings go beside it.</summary>
    public static IRenderable Conclusion(RolloutStatus status)
    {
        var took = Say.Seconds(End(status) - status.RequestedAt);
        if (status.DryRun)
        {
            return Say.Line(status.HasSucceeded()
                ? $"[green]dry run passed[/] in {took}: every silo could prepare {Changes(status)}{Rehearsed(status)}; nothing was changed"
                : $"[red]dry run failed[/] after {took}: {FindingsScreen.Count(status.Findings)}{Rehearsed(status)}; nothing was changed");
        }
        return Say.Line(status.HasSucceeded()
            ? $"[green]permanent[/] in {took}: epoch {status.Epoch} serves {Changes(status)}{Rehearsed(status)}{Leftovers(status)}"
            : $"[red]aborted[/] after {took}: {FindingsScreen.Count(status.Findings)}{Rehearsed(status)}; what served before still serves");
    }

    /// <summary>Everything that is known of it.</summary>
    public static IRenderable Whole(RolloutStatus status, DateTimeOffset now)
    {
        var rows = new List<IRenderable> { Glance(status, now), Say.Line(Way(status)), Text.Empty, Silos(status), Text.Empty };
        rows.AddRange(status.Modules.Select(ChangeScreen.Of));
        rows.Add(Text.Empty);
        rows.Add(Facts(status));
        if (status.Findings.Count > 0) rows.AddRange([Text.Empty, Say.Line(Say.Heading(FindingsScreen.Count(status.Findings))), FindingsScreen.Of(status.Findings)]);
        if (status.Accepted.Count > 0) rows.AddRange([Text.Empty, Say.Line(Say.Heading("accepted")), FindingsScreen.Of(status.Accepted)]);
        return new Rows(rows);
    }

    static Table Facts(RolloutStatus status)
    {
        var facts = new Table().Border(TableBorder.None).HideHeaders().AddColumn("").AddColumn("").Collapse();
        facts.Columns[0].Padding = new Padding(0, 0, 3, 0);
        facts.AddRow(Say.Faint("actor"), Say.Safe(status.Actor));
        if (status.Reason is not null) facts.AddRow(Say.Faint("reason"), Say.Safe(status.Reason));
        if (status.Epoch is { } epoch) facts.AddRow(Say.Faint("epoch"), epoch.ToString());
        facts.AddRow(Say.Faint("requested"), Say.Time(status.RequestedAt));
        facts.AddRow(Say.Faint("deadline"), $"{Say.Time(status.Deadline)} {Say.Faint("to commit")}");
        facts.AddRow(Say.Faint("trace"), Say.Safe(status.TraceId));
        return facts;
    }

    static Table Silos(RolloutStatus status)
    {
        var table = Say.Columns("SILO", "STATE", "#TRIES", "#EPOCH", "#PREPARED IN", "REHEARSED");
        foreach (var silo in status.Silos)
            table.AddRow(Say.Heading(silo.Silo), Say.State(silo.State), silo.Tries.ToString(), Say.Number(silo.Epoch), Say.Milliseconds(silo.PrepareMs), silo.Rehearsal is { } rehearsal ? Words(rehearsal) : "");
        return table;
    }

    /// <summary>The phases that were entered with the time of each, then those to come.</summary>
    static string Way(RolloutStatus status)
    {
        var entered = status.Timings.Select(timing => timing.Phase == status.Phase && !status.HasEnded()
            ? $"[yellow]● {timing.Phase.Word()}[/] {Say.Faint(Say.Seconds(timing.At - status.RequestedAt))}"
            : $"{Mark(timing.Phase)} {timing.Phase.Word()} {Say.Faint(Say.Seconds(timing.At - status.RequestedAt))}");
        var failing = status.Phase is RolloutPhase.Aborting or RolloutPhase.Aborted;
        var coming = failing || status.DryRun ? [] : GoodWay.Where(phase => phase > status.Phase).Select(phase => Say.Faint($"○ {phase.Word()}"));
        return string.Join("  ", entered.Concat(coming));
    }

    static string Mark(RolloutPhase phase) => phase is RolloutPhase.Aborting or RolloutPhase.Aborted ? "[red]✗[/]" : "[green]✓[/]";

    static string Changes(RolloutStatus status) => string.Join(", ", status.Modules.Select(Say.Change));

    static string Kind(RolloutStatus status) => status switch
    {
        { DryRun: true } => "  [yellow]dry run[/]",
        { Undo: true } => "  [yellow]undo[/]",
        _ => "",
    };

    static string Rehearsed(RolloutStatus status) => status.Rehearsal is { } rehearsal ? $"; {Words(rehearsal)}" : "";

    // Such as "1,000 rehearsed, 0 differences".
    static string Words(RehearsalCount count)
    {
        var words = $"{Say.Number(count.Entities)} rehearsed, {Of(count.Differences, "difference", "differences")}";
        if (count.Failures > 0) words += $", [red]{Of(count.Failures, "failure", "failures")}[/]";
        if (count.Misfits > 0) words += $", [yellow]{count.Misfits} of {Of(count.Entries, "entry", "entries")} cannot run[/]";
        return words;
    }

    static string Of(long count, string one, string many) => $"{Say.Number(count)} {(count == 1 ? one : many)}";

    static string Age(RolloutStatus status, DateTimeOffset now) => status.HasEnded()
        ? $"took {Say.Seconds(End(status) - status.RequestedAt)}"
        : Say.Seconds(now - status.RequestedAt);

    static DateTimeOffset End(RolloutStatus status) => status.Timings.Count == 0 ? status.RequestedAt : status.Timings[^1].At;

    // The new version serves, yet something of the old one stays: that needs a person, not another rollout.
    static string Leftovers(RolloutStatus status) =>
        status.Findings.Count == 0 ? "" : $"; [yellow]{FindingsScreen.Count(status.Findings)}[/] about what the old version left";
}
