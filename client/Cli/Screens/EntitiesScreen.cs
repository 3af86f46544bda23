using Evergrain.Contracts.Ops;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Evergrain.Cli.Screens;

internal static class EntitiesScreen
{
    public static IRenderable Of(EntityList list)
    {
        var rows = new List<IRenderable> { list.Entities.Count == 0 ? Say.Line("There are no such entities.") : Table(list.Entities) };
        if (list.Unreadable > 0) rows.Add(Say.Line($"[red]{list.Unreadable} records cannot be read[/]; 'state check' names them"));
        if (list.Next is { } next) rows.Add(Say.Line(Say.Faint($"there are more: --after {next}, or a larger --limit")));
        return new Rows(rows);
    }

    static IRenderable Table(IReadOnlyList<EntityRow> entities)
    {
        var table = Say.Columns("ENTITY", "SILO", "#EPOCH", "MODULES");
        foreach (var row in entities)
            table.AddRow($"[bold]{Say.Safe(row.Id.ToString())}[/]", row.Silo is null ? Say.Faint("asleep") : Say.Safe(row.Silo),
                Say.Number(row.Epoch), Say.Safe(string.Join(' ', row.Modules)));
        return table;
    }
}
