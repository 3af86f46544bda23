using System.Text.RegularExpressions;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Runs;

/// <summary>What happened in one run, so that a person can read it: who said what to whom, which step, which fault.</summary>
internal sealed partial class Timeline : IRunLog
{
    const int MostLines = 120;
    const int LastLines = 45;
    const int MostMarks = 40;
    // What an hour of bad weather may come to; the oldest go.
    const int MostKept = 200_000;

    readonly List<Line> lines = [];

    public void Saw(Observation observation) => Add(new Line(observation.At, observation.Text, observation is FaultTook, observation is RecordStored or SiloMoved or OperatorAsked));

    public void Sent(TimeSpan at, string from, string to, string what, string fate) => Add(new Line(at, $"  {from} → {to}: {what} ({fate})", false, false));

    /// <summary>Everything.</summary>
    public void WriteAll(TextWriter output)
    {
        foreach (var line in lines) output.WriteLine(line);
    }

    /// <summary>Only what matters: the faults, the steps of rollouts and silos, what concerns those whom the breach names, and the last moments before it.</summary>
    public void Write(RunResult result, TextWriter output)
    {
        var until = result.Breaches.Count > 0 ? result.Breaches[0].At : TimeSpan.MaxValue;
        var names = result.Breaches.Count > 0 ? Names().Matches(result.Breaches[0].What).Select(name => name.Value).Where(name => name.Length > 1).ToHashSet(StringComparer.Ordinal) : [];
        var before = lines.TakeWhile(line => line.At <= until).ToList();
        var kept = new SortedSet<int>(Enumerable.Range(Math.Max(0, before.Count - LastLines), Math.Min(LastLines, before.Count)));
        Keep(line => line.IsFault, MostMarks, distinct: true);
        Keep(line => names.Count > 0 && Names().Matches(line.Text).Any(name => names.Contains(name.Value)), MostMarks, distinct: false);
        Keep(line => line.IsMark, MostLines - kept.Count, distinct: false);
        output.WriteLine($"{kept.Count} of the {before.Count} steps until then; --all shows every one.");
        foreach (var index in kept) output.WriteLine(before[index]);

        // The newest of them; of faults that say the same one after the other, the first.
        void Keep(Func<Line, bool> which, int most, bool distinct)
        {
            string? said = null;
            var found = new List<int>();
            for (var index = 0; index < before.Count; index++)
            {
                if (!which(before[index])) continue;
                if (!distinct || FirstWords(before[index].Text) != said) found.Add(index);
                said = FirstWords(before[index].Text);
            }
            kept.UnionWith(found.TakeLast(Math.Max(0, most)));
        }
    }

    void Add(Line line)
    {
        lines.Add(line);
        if (lines.Count > MostKept) lines.RemoveRange(0, MostKept / 2);
    }

    static string FirstWords(string text) => text.Split(':')[0];

    // wallet/w3, t17>, h4?, call 12
    [GeneratedRegex(@"call -?\d+|[a-z]+/[a-z0-9]+|\b[a-z]\d+[>?]?|[0-9a-f]{8}-[0-9a-f-]+")]
    private static partial Regex Names();

    readonly record struct Line(TimeSpan At, string Text, bool IsFault, bool IsMark)
    {
        public override string ToString() => $"{At.TotalSeconds,9:0.000}  {Text}";
    }
}
