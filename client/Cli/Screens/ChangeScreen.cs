using Evergrain.Contracts.Ops;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Evergrain.Cli.Screens;

/// <summary>How one module changed, down to its methods.</summary>
internal static class ChangeScreen
{
    public static IRenderable Of(ModuleChange change)
    {
        var rows = new List<IRenderable> { Say.Line(Say.Change(change)) };
        rows.AddRange(change.Methods.Select(method => Say.Indented(Say.Line(Method(method)))));
        return new Rows(rows);
    }

    static string Method(string method) => method.Length == 0 ? "" : method[0] switch
    {
        '+' => $"[green]{Say.Safe(method)}[/]",
        '-' => $"[red]{Say.Safe(method)}[/]",
        _ => $"[yellow]{Say.Safe(method)}[/]",
    };
}
