using Evergrain.Contracts.Ops;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Evergrain.Cli.Screens;

internal static class EntitiesScreen
{
    public static IRenderable Of(IReadOnlyList<EntityRow> rows, int limit)
    {
        if (rows.Count == 0) return Say.Line("There are no such entities.");
        var table = Say.Columns("ENTITY", "SILO", "#EPOCH", "MODULES");
        foreach (var row in rows)
            table.AddRow($"[bold]{Say.Safe(row.Id.ToString())}[/]", row.Silo is null ? Say.Faint("asleep") : Say.Safe(row.Silo),
                Say.Number(row.Epoch), Say.Safe(string.Join(' ', row.Modules)));
        return rows.Count < limit ? table : new Rows(table, Say.Line(Say.Faint($"{limit} shown; --limit shows more, --kind only one kind")));
    }
}
