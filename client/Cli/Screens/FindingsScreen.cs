using Evergrain.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Evergrain.Cli.Screens;

/// <summary>Every finding with what it points at, who found it, and what to do next. One that several silos share is told once.</summary>
internal static class FindingsScreen
{
    public static IRenderable Of(IReadOnlyList<Finding> findings)
    {
        return new Rows(Shared(findings).Select((group, index) => One(index + 1, group.Key, [.. group.Select(finding => finding.Silo).OfType<string>()])));
    }

    /// <summary>How many findings <see cref="Of"/> tells, in words.</summary>
    public static string Count(IReadOnlyList<Finding> findings) => Shared(findings).Count() switch
    {
        0 => "no findings",
        1 => "1 finding",
        var count => $"{count} findings",
    };

    static IEnumerable<IGrouping<Finding, Finding>> Shared(IReadOnlyList<Finding> findings) =>
        findings.GroupBy(finding => finding with { Silo = null });

    static IRenderable One(int number, Finding finding, IReadOnlyList<string> silos)
    {
        // An error of the command line says all by itself.
        if (finding.Code == LocalProblems.UsageFindingCode) return Say.Indented(Say.Line($"{number}. {Say.Safe(finding.Message)}"));

        var rows = new List<IRenderable> { Say.Line($"{number}. [red]{Say.Safe(finding.Code)}[/]  {Say.Heading(finding.Where)}{About(finding, silos)}") };
        rows.Add(Say.Indented(Say.Line(Say.Safe(finding.Message)), 3));
        if (finding.Next.Length > 0) rows.Add(Say.Indented(Say.Line($"[bold]next:[/] {Say.Safe(finding.Next)}"), 3));
        return Say.Indented(new Rows(rows));
    }

    static string About(Finding finding, IReadOnlyList<string> silos)
    {
        var words = new List<string>();
        if (finding.Module is not null) words.Add($"in {finding.Module}");
        if (silos.Count > 0) words.Add($"on {string.Join(", ", silos)}");
        return words.Count == 0 ? "" : "  " + Say.Faint(string.Join(' ', words));
    }
}
