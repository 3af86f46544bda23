using Evergrain.CrashPoints.Points;

namespace Evergrain.CrashPoints.Runs;

/// <summary>A search in words.</summary>
internal sealed class Report(int seed, IReadOnlyList<PointResult> results, TimeSpan took)
{
    readonly HitTable hits = new(results);

    /// <summary>A broken promise weighs more than no rest, and that more than a crash.</summary>
    public Verdict Verdict => results.Select(result => result.Verdict).Where(verdict => verdict != Verdict.Held).DefaultIfEmpty(Verdict.Held).Min();

    /// <summary>Kinds of calls that no process was killed at.</summary>
    public IReadOnlyList<StoreCall> Unhit => hits.Unhit;

    /// <summary>How many processes were killed at which kind of call.</summary>
    public string Table => hits.ToString();

    /// <summary>All of it in one line.</summary>
    public string Line =>
        $"seed={seed} points={results.Count} violations={results.Count(result => result.Verdict != Verdict.Held)} kinds={Enum.GetValues<StoreCall>().Length - Unhit.Count}/{Enum.GetValues<StoreCall>().Length} missed={Missed} calls={results.Sum(result => result.Calls)} seconds={took.TotalSeconds:0}";

    int Missed => results.Count(result => result.Struck is null);

    /// <summary>What came of a point.</summary>
    public static string Say(PointResult result) =>
        $"{result.Plan}, {(result.Chain.Postgres ? "PostgreSQL" : "SQLite")}: {(result.Verdict == Verdict.Held ? "held" : $"{result.Verdict}:\n  {string.Join("\n  ", result.Wrong.Take(8))}")}";

    /// <summary>The same with how it went.</summary>
    public static string Tell(PointResult result) => $"""
        {Say(result)}
          {result.Struck switch
        {
            null => "it never came to it, and was killed from outside",
            { Point.Side: Side.During } struck => $"the store {(struck.Answered ? "had answered" : "was at it")}",
            _ => "as ordered",
        }}{(result.NeverServed ? ", before it served" : "")}; {result.Calls} calls, {result.Unanswered} of all without an answer; {result.Took.TotalSeconds:0.0} s; errors so far: {string.Join(", ", result.Errors.Select(error => $"{error.Key} {error.Value}"))}
        """;

    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string file) => File.WriteAllText(file, $"""
        # Crash points

        Written by `--seed {seed} --points {results.Count} --report`: processes of the production host, killed by SIGKILL at a call of their store, started again, and held
        against what their callers had been told.

            {Line}

        {Postgres()} of the points were played over PostgreSQL, the others over SQLite. {results.Count(result => result.Plan.Point.Early)} processes were to die while they started or recovered from the death of the one before;
        {results.Count(result => result.NeverServed)} were dead before they served. When they died, {results.Sum(result => result.Unanswered)} calls had no answer: they were sent again under their keys. {Missed} processes did not come to
        their point, and were killed from outside. From its start to its death a process took {results.Average(result => result.Took.TotalSeconds):0.0} s, {results.Max(result => result.Took.TotalSeconds):0.0} s at the longest.

        Processes killed at each kind of call: before the store was asked; while it worked, its answer not there yet, or there and not read; after it had answered:

        {hits}
        {string.Concat(results.Where(result => result.Verdict != Verdict.Held).Select(result => $"- {Say(result)}\n"))}
        """.TrimEnd() + "\n");

    int Postgres() => results.Count(result => result.Chain.Postgres);
}
