using Evergrain.Contracts.Ops;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Evergrain.Cli.Screens;

internal static class StateScreen
{
    public static IRenderable Of(ImportReport report) =>
        Say.Line($"{report.Created} created, {report.Replaced} replaced, {report.Skipped} skipped, {report.Unchanged} unchanged");

    public static IRenderable Of(StateReport report)
    {
        var rows = new List<IRenderable> { Say.Line($"{Say.Number(report.Read)} records read, {(report.Bad == 0 ? "all of them load" : $"[red]{Say.Number(report.Bad)} would not load[/]")}") };
        if (report.Kept > 0) rows.Add(Say.Line(Say.Faint($"{report.Kept} slices of modules that do not serve are kept as bytes")));
        foreach (var (code, count) in report.Problems) rows.Add(Say.Line($"{Say.Heading(code)}  {Say.Number(count)}"));
        foreach (var example in report.Examples) rows.Add(Say.Line($"  {Say.Safe(example.Where)}: {Say.Safe(example.Message)} [bold]next:[/] {Say.Safe(example.Next)}"));
        return new Rows(rows);
    }
}
