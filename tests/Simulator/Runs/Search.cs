using Evergrain.Simulator.Plans;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Runs;

/// <summary>Plays many runs beside each other, and keeps of each only what is asked of all.</summary>
internal sealed class Search(int jobs, CancellationToken stop)
{
    const int MostFailures = 20;

    readonly Lock guard = new();
    readonly SortedDictionary<(int Seed, int Run), RunResult> failures = [];
    readonly int[] verdicts = new int[4];
    ulong hash;
    long runs;
    double simulatedSeconds;
    long steps;

    /// <summary>So many were played.</summary>
    public long Count => Interlocked.Read(ref runs);
    public int Violations => verdicts[1] + verdicts[2] + verdicts[3];
    public double SimulatedSeconds => simulatedSeconds;

    /// <summary>Of all runs together.</summary>
    public long Steps => steps;
    public Coverage Coverage { get; } = new();

    /// <summary>Of all runs, whatever their order.</summary>
    public ulong Hash => hash;

    /// <summary>A broken promise weighs more than no end, and that more than a crash.</summary>
    public Verdict Verdict => (Verdict)Math.Max(Array.FindIndex([0, .. verdicts.Skip(1)], count => count > 0), 0);

    public static Plan PlanOf(int seed, int run) => Planner.Make(StableHash.Derive(seed, run));

    /// <summary>Plays the first so many runs of a seed, fewer when it is told to stop.</summary>
    public void Play(int seed, int count)
    {
        var next = -1;
        var threads = Enumerable.Range(0, Math.Min(jobs, count)).Select(number => new Thread(Work) { Name = $"runs {number}", IsBackground = true }).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        void Work()
        {
            while (!stop.IsCancellationRequested && Interlocked.Increment(ref next) is var run && run < count) Add(seed, run, Run.Play(PlanOf(seed, run)));
        }
    }

    /// <summary>The first that failed since this was asked last, by their numbers; the later ones are only counted.</summary>
    public IReadOnlyList<Failure> TakeFailures()
    {
        lock (guard)
        {
            Failure[] taken = [.. failures.Select(failure => new Failure(failure.Key.Seed, failure.Key.Run, failure.Value))];
            failures.Clear();
            return taken;
        }
    }

    void Add(int seed, int run, RunResult result)
    {
        Coverage.Add(result.Hits);
        lock (guard)
        {
            // A sum, so that the order in which they end does not matter.
            hash += StableHash.Add(StableHash.Add(StableHash.Seed, (ulong)(uint)StableHash.Derive(seed, run)), result.Trace);
            simulatedSeconds += result.Simulated.TotalSeconds;
            steps += result.Steps;
            verdicts[(int)result.Verdict]++;
            if (result.Verdict is not Verdict.Held)
            {
                failures.Add((seed, run), result);
                if (failures.Count > MostFailures) failures.Remove(failures.Keys.Last());
            }
        }
        Interlocked.Increment(ref runs);
    }
}

/// <summary>A run of a search that did not hold.</summary>
internal sealed record Failure(int Seed, int Run, RunResult Result);
