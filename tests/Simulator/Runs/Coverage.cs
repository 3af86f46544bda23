using System.Text.Json;
using Evergrain.Contracts.Ops;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Runs;

/// <summary>In how many runs each fault changed something in each phase that a rollout can be in. Safe from any thread.</summary>
internal sealed class Coverage
{
    /// <summary>So many of 20,000 runs are to hit each pair.</summary>
    public const int Wanted = 100;
    public const int OfRuns = 20_000;

    static readonly FaultKind[] kinds = Enum.GetValues<FaultKind>();
    static readonly RolloutPhase?[] phases = [null, RolloutPhase.Requested, RolloutPhase.Preparing, RolloutPhase.Prepared, RolloutPhase.Draining, RolloutPhase.Aborting];
    static readonly JsonSerializerOptions json = new() { WriteIndented = true };

    readonly int[] hits = new int[kinds.Length * phases.Length];
    int runs;

    public void Add(IReadOnlyCollection<Hit> found)
    {
        Interlocked.Increment(ref runs);
        foreach (var hit in found) Interlocked.Increment(ref hits[Index(hit)]);
    }

    public int this[RolloutPhase? phase, FaultKind kind] => hits[Index(new Hit(phase, kind))];

    /// <summary>Those hit more seldom than wanted, in proportion to the runs; the most seldom first.</summary>
    public IReadOnlyList<(Hit Pair, int Hits)> Seldom => [.. from phase in phases from kind in kinds let count = this[phase, kind]
        where (long)count * OfRuns < (long)Wanted * runs orderby count select (new Hit(phase, kind), count)];

    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string file) => File.WriteAllText(file, Path.GetExtension(file) == ".json" ? Json() : Table());

    /// <summary>A row for each fault, a column for each phase.</summary>
    public string Table() => string.Concat([
        $"| fault | {string.Join(" | ", phases.Select(Name))} |\n|---{string.Concat(phases.Select(_ => "|---:"))}|\n",
        .. kinds.Select(kind => $"| {kind} | {string.Join(" | ", phases.Select(phase => this[phase, kind]))} |\n"),
        $"\nRuns in which a fault changed something in a phase, of {runs}.\n"]);

    string Json() => JsonSerializer.Serialize(new { runs, hits = kinds.ToDictionary(kind => $"{kind}", kind => phases.ToDictionary(Name, phase => this[phase, kind])) }, json) + "\n";

    static string Name(RolloutPhase? phase) => phase?.ToString().ToLowerInvariant() ?? "none";
    static int Index(Hit hit) => Array.IndexOf(phases, hit.Phase) * kinds.Length + Array.IndexOf(kinds, hit.Kind);
}
