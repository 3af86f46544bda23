using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Evergrain.Cli.Screens;

/// <summary>Where text goes: coloured and as wide as the window on a terminal; plain and never wrapped where the output is redirected.</summary>
internal static class Terminal
{
    // Wider than any line that the screens make, so that a line stays a line for grep.
    const int RedirectedWidth = 4000;

    static readonly Lazy<IAnsiConsole> Out = new(() => Open(Console.Out, Console.IsOutputRedirected));
    static readonly Lazy<IAnsiConsole> Error = new(() => Open(Console.Error, Console.IsErrorRedirected));

    /// <summary>Whether a display that changes in place makes sense.</summary>
    public static bool IsLive => !Console.IsOutputRedirected && Out.Value.Profile.Capabilities.Ansi;

    // Rows end every renderable with one line break, whether it has its own or not.
    public static void Print(IRenderable screen) => Out.Value.Write(new Rows(screen));

    public static void PrintError(IRenderable screen) => Error.Value.Write(new Rows(screen));

    /// <summary>Shows <paramref name="first"/>, and in its place whatever <paramref name="work"/> shows after it; the last stays.</summary>
    public static Task<T> Live<T>(IRenderable first, Func<Action<IRenderable>, Task<T>> work) =>
        Out.Value.Live(first).AutoClear(false).Overflow(VerticalOverflow.Ellipsis).Cropping(VerticalOverflowCropping.Bottom)
            .StartAsync(display => work(screen =>
            {
                display.UpdateTarget(screen);
                display.Refresh();
            }));

    static IAnsiConsole Open(TextWriter writer, bool redirected)
    {
        if (OperatingSystem.IsWindows() && !redirected) Console.OutputEncoding = Encoding.UTF8;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(redirected ? new TrimmedLines(writer) : writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = InteractionSupport.No,
            // They would switch colours on in build servers, where nobody sees them.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        if (redirected) console.Profile.Width = RedirectedWidth;
        return console;
    }

    /// <summary>Leaves out the blanks at the end of a line, with which columns are filled up.</summary>
    sealed class TrimmedLines(TextWriter inner) : TextWriter
    {
        int _blanks;

        public override Encoding Encoding => inner.Encoding;

        public override void Write(char value)
        {
            if (value == ' ')
            {
                _blanks++;
                return;
            }
            if (value is not ('\n' or '\r')) inner.Write(new string(' ', _blanks));
            _blanks = 0;
            inner.Write(value);
        }

        public override void Flush() => inner.Flush();
    }
}
