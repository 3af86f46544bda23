using System.Globalization;
using System.Text;
using Evergrain.Contracts.Ops;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Evergrain.Cli.Screens;

/// <summary>How single things are written on every screen: names, states, spans of time, columns.</summary>
internal static class Say
{
    public static readonly Style Quiet = new(Color.Grey);

    /// <summary>Text from elsewhere: it must neither be read as markup nor move the cursor.</summary>
    public static string Safe(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (!text.Any(char.IsControl)) return Markup.Escape(text);
        var safe = new StringBuilder();
        foreach (var c in text) safe.Append(char.IsControl(c) ? c == '\n' ? " " : $"\\u{(int)c:x4}" : c.ToString());
        return Markup.Escape(safe.ToString());
    }

    /// <summary>This program, in a command to type.</summary>
    public static string Program => Safe(ProgramName.AsStarted);

    public static IRenderable Line(string markup) => new Markup(markup) { Overflow = Overflow.Fold };

    public static IRenderable Indented(IRenderable inner, int by = 2) => new Padder(inner, new Padding(by, 0, 0, 0));

    public static string Heading(string text) => $"[bold]{Safe(text)}[/]";

    public static string Faint(string text) => $"[grey]{Safe(text)}[/]";

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A span since something began, as in <c>0.21 s</c>.</summary>
    public static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, span.TotalSeconds):0.00} s");

    public static string Milliseconds(double? value) => value is { } ms ? string.Create(CultureInfo.InvariantCulture, $"{ms:0.0} ms") : "";

    public static string Time(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Bytes(long size) => size < 1024 ? $"{size} B" : string.Create(CultureInfo.InvariantCulture, $"{size / 1024.0:0.0} KiB");

    /// <summary>As many characters of a digest as people compare.</summary>
    public static string Digest(string digest) => Safe(digest.Length > 12 ? digest[..12] : digest);

    /// <summary>A state or phase in its colour: green serves, yellow is on its way, red needs a person, grey is over.</summary>
    public static string State(string state) => $"[{ColourOf(state)}]{Safe(state)}[/]";

    public static string Change(ModuleChange change) => change switch
    {
        { From: null } => $"[bold]{Safe(change.Name)}[/] [green]+ {Safe(change.To)}[/]",
        { To: null } => $"[bold]{Safe(change.Name)}[/] [red]- {Safe(change.From)}[/]",
        _ => $"[bold]{Safe(change.Name)}[/] {Safe(change.From)} → {Safe(change.To)}",
    };

    /// <summary>Columns without lines between them; a title that starts with <c>#</c> stands over numbers, to the right.</summary>
    public static Table Columns(params string[] titles)
    {
        var table = new Table().Border(TableBorder.None).Collapse();
        foreach (var title in titles)
        {
            var number = title.StartsWith('#');
            var column = new TableColumn(new Text(title.TrimStart('#'), Quiet)) { Padding = new Padding(0, 0, 3, 0), NoWrap = true };
            table.AddColumn(number ? column.RightAligned() : column);
        }
        return table;
    }

    static string ColourOf(string state) => state switch
    {
        "serving" or "permanent" or "done" or "prepared" or "ready" => "green",
        "waiting" or "requested" or "preparing" or "draining" or "aborting" => "yellow",
        "refused" or "stuck" or "aborted" => "red",
        "gone" or "left" => "grey",
        _ => "default",
    };
}
