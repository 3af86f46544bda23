using System.Text.Json;
using Evergrain.Cli.Ops;
using Evergrain.Contracts.Ops;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Evergrain.Cli.Screens;

/// <summary>One entity, whole: where it lives, its slices, and everything that is still to happen to it.</summary>
internal static class EntityScreen
{
    public static IRenderable Of(EntityView entity, DateTimeOffset now)
    {
        var rows = new List<IRenderable> { Say.Line(Title(entity)) };
        if (entity.Quarantine is { } quarantine)
            rows.Add(Say.Line($"[red]quarantined[/] {Say.Safe(quarantine.Code)}: {Say.Safe(quarantine.Message)} [bold]next:[/] {Say.Safe(quarantine.Next)}"));
        foreach (var slice in entity.Slices) rows.AddRange(Slice(slice));
        rows.Add(Text.Empty);
        rows.AddRange(Part("running turn", Present(entity.Running), turns => Running(turns[0])));
        rows.AddRange(Part("schedule", entity.Schedule, Schedule));
        rows.AddRange(Part("outbox", entity.Outbox, entries => Outbox(entries, now)));
        rows.AddRange(Part("tracked work", entity.TrackedWork, TrackedWork));
        return new Rows(rows);
    }

    static string Title(EntityView entity)
    {
        var place = entity.Silo is null ? Say.Faint("asleep: only its record exists") : $"on [bold]{Say.Safe(entity.Silo)}[/]";
        var frames = entity.FramesRunning ? $"frame {Say.Number(entity.Frame)}, running" : $"frame {Say.Number(entity.Frame)}";
        return $"[bold]{Say.Safe(entity.Id.ToString())}[/]  {place}  epoch {entity.Epoch}  {frames}  events {Say.Number(entity.EventSequence)}  waiting calls {entity.Waiting}";
    }

    static IEnumerable<IRenderable> Slice(SliceView slice)
    {
        var written = slice.WrittenBy is null ? "not written yet" : $"written by {slice.WrittenBy} at epoch {slice.WrittenEpoch}";
        yield return Text.Empty;
        yield return Say.Line($"[bold]{Say.Safe($"{slice.Module}@{slice.Version}")}[/]  schema {slice.Schema}  {Say.Faint(written)}");
        yield return slice.Hidden is { } why ? Say.Line($"[red]hidden[/] {Say.Safe(why)}") : new Text(JsonSerializer.Serialize(slice.State, OpsJson.Lenient.JsonElement));
    }

    static IReadOnlyList<RunningTurnView> Present(RunningTurnView? turn) => turn is null ? [] : [turn];

    static IEnumerable<IRenderable> Part<T>(string title, IReadOnlyList<T> entries, Func<IReadOnlyList<T>, IRenderable> screen)
    {
        if (entries.Count == 0) return [Say.Line($"{Say.Heading(title)}  {Say.Faint("none")}")];
        return [Say.Line(Say.Heading(title)), Say.Indented(screen(entries))];
    }

    static IRenderable Running(RunningTurnView turn)
    {
        var waits = turn.WaitsFor is null ? "" : $", waits for {turn.WaitsFor}";
        return Say.Line($"{Say.Heading(turn.Operation)} for {Say.Safe(turn.Caller)}, {Say.Milliseconds(turn.ForMs)}{Say.Safe(waits)}");
    }

    static IRenderable Schedule(IReadOnlyList<ScheduleView> entries)
    {
        var table = Say.Columns("#ID", "#DUE FRAME", "#EVERY", "OPERATION", "#PRIORITY", "#EXPIRES", "ARGUMENTS", "KEPT BECAUSE");
        foreach (var entry in entries)
            table.AddRow(entry.Id.ToString(), Say.Number(entry.DueFrame), Frames(entry.EveryFrames), Say.Heading(entry.Operation),
                entry.Priority.ToString(), Frames(entry.ExpiresFrame), Say.Safe(entry.Arguments.GetRawText()), entry.Held is null ? "" : $"[red]{Say.Safe(entry.Held)}[/]");
        return table;
    }

    static IRenderable Outbox(IReadOnlyList<OutboxView> entries, DateTimeOffset now)
    {
        var table = Say.Columns("TO", "OPERATION", "#TRIES", "#AGE", "KEY", "LAST ERROR");
        foreach (var entry in entries)
            table.AddRow(Say.Heading(entry.To.ToString()), Say.Safe(entry.Operation), entry.Tries.ToString(), Say.Seconds(now - entry.Since),
                Say.Faint(entry.Key.ToString()), entry.LastError is null ? "" : $"[red]{Say.Safe(entry.LastError)}[/]");
        return table;
    }

    static IRenderable TrackedWork(IReadOnlyList<TrackedWorkView> works)
    {
        var table = Say.Columns("NAME", "STARTED BY", "MODULE", "#AGE");
        foreach (var work in works)
            table.AddRow(Say.Heading(work.Name), Say.Safe(work.Operation), Say.Safe(work.Module), $"{Say.Number(work.AgeFrames)} frames");
        return table;
    }

    static string Frames(long? frame) => frame is { } value ? Say.Number(value) : "";
}
