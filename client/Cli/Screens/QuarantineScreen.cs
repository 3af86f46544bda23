using Evergrain.Contracts.Ops;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Evergrain.Cli.Screens;

internal static class QuarantineScreen
{
    public static IRenderable Of(QuarantineList list)
    {
        if (list.Entities.Count == 0) return Say.Line("No entity is quarantined, of those that something has wanted.");
        var table = Say.Columns("ENTITY", "SILO", "WHY");
        foreach (var entity in list.Entities)
            table.AddRow($"[bold]{Say.Safe(entity.Id.ToString())}[/]", Say.Safe(entity.Silo), Say.Safe(entity.Why.Message));
        return list.Next is not { } next ? table : new Rows(table, Say.Line(Say.Faint($"there are more: --after {next}, or a larger --limit")));
    }

    /// <param name="act">What was asked for.</param>
    public static IRenderable Of(QuarantineOutcome outcome, string act)
    {
        var id = $"[bold]{Say.Safe(outcome.Id.ToString())}[/]";
        if (outcome.Why is { } why) return Say.Line($"{id} [red]does not serve[/] {Say.Safe(why.Code)}: {Say.Safe(why.Message)} [bold]next:[/] {Say.Safe(why.Next)}");
        return Say.Line(outcome.Serves ? $"{id} serves again" : $"{id} {Say.Safe(act)}ed");
    }
}
