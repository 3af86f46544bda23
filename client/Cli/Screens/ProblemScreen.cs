using System.Text.Json;
using Evergrain.Cli.Ops;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Evergrain.Cli.Screens;

/// <summary>An error on standard error: the problem itself as JSON, or for people what was wrong, every finding, and what to do next.</summary>
internal static class ProblemScreen
{
    /// <param name="about">What the command was busy with, such as the file, where it works on several.</param>
    public static void Write(Problem problem, bool json, string? about = null)
    {
        var told = about is null ? problem : problem with { Detail = $"{about}: {problem.Detail}" };
        if (json) Console.Error.WriteLine(JsonSerializer.Serialize(told, OpsJson.Lenient.Problem));
        else Terminal.PrintError(Of(told));
    }

    static IRenderable Of(Problem problem)
    {
        var rows = new List<IRenderable> { Say.Line($"[red]error[/] {Say.Faint(problem.Code)}  {Say.Safe(problem.Detail)}") };
        if (problem.Reason is not null) rows.Add(Say.Indented(Say.Line($"reason: {Say.Safe(problem.Reason)}")));
        if (problem.Findings is { Count: > 0 } findings) rows.Add(FindingsScreen.Of(findings));
        // What this side reports says so in its own words.
        if (problem is { Status: > 0, Ran: not Ran.No }) rows.Add(Say.Indented(Say.Line(problem.Ran == Ran.Yes ? "It was done all the same." : "It may have been done all the same.")));
        if (problem.Next.Length > 0) rows.Add(Say.Indented(Say.Line($"[bold]next:[/] {Say.Safe(problem.Next)}")));
        if (problem.RetryAfterMs is { } ms) rows.Add(Say.Indented(Say.Line($"try again in {Say.Milliseconds(ms)}")));
        return new Rows(rows);
    }
}
