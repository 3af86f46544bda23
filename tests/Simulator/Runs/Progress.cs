using System.Diagnostics;

namespace Evergrain.Simulator.Runs;

/// <summary>Says how far a search has come: on a terminal on one line, else only when it is asked to, for it goes on for long.</summary>
internal sealed class Progress(Search search, TextWriter error)
{
    static readonly TimeSpan OnScreen = TimeSpan.FromSeconds(1);

    readonly Stopwatch watch = Stopwatch.StartNew();

    /// <summary>Until it is disposed; nothing when nobody looks.</summary>
    public IDisposable? OnTerminal() => Console.IsErrorRedirected ? null : Every(OnScreen, () => error.Write($"\r{Line()}  "), () => error.Write($"\r{new string(' ', Line().Length + 2)}\r"));

    public IDisposable Every(TimeSpan span) => Every(span, () => error.WriteLine(Line()), () => { });

    string Line() => $"{search.Count} runs, {search.Violations} violations, {search.Count / watch.Elapsed.TotalSeconds:0} runs/s, {search.SimulatedSeconds / watch.Elapsed.TotalSeconds:0} simulated s/s";

    static Ticking Every(TimeSpan span, Action say, Action end) => new(new Timer(_ => say(), null, span, span), end);

    sealed class Ticking(Timer timer, Action end) : IDisposable
    {
        public void Dispose()
        {
            using var ended = new ManualResetEvent(false);
            timer.Dispose(ended);
            ended.WaitOne();
            end();
        }
    }
}
