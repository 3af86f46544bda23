namespace Evergrain.Simulator.World;

/// <summary>The one thread of a run: every step of every process waits here, and seeded choice says which is next. A step takes no
/// simulated time.</summary>
internal sealed class Schedule(Random choice, Action<Process> ran)
{
    // A hundred times a usual run: what takes more goes round in circles without time passing.
    const long MostSteps = 1_000_000;

    readonly int owner = Environment.CurrentManagedThreadId;
    readonly List<Step> ready = [];

    /// <summary>Steps run so far.</summary>
    public long Count { get; private set; }

    /// <summary>The process whose step runs now; null between steps.</summary>
    public Process? Running { get; private set; }

    public bool IsIdle => ready.Count == 0;

    public void Post(Process process, SendOrPostCallback work, object? state)
    {
        if (Environment.CurrentManagedThreadId != owner)
            throw new InvalidOperationException("Code of the run got onto another thread, where nothing can be replayed.");
        ready.Add(new Step(process, work, state));
    }

    /// <summary>Runs one step; false when none waits.</summary>
    public bool RunNext()
    {
        if (ready.Count == 0) return false;
        var index = choice.Next(ready.Count);
        var step = ready[index];
        ready[index] = ready[^1];
        ready.RemoveAt(ready.Count - 1);
        if (!step.Process.Admits(step)) return true;
        if (++Count > MostSteps) throw new InvalidOperationException($"The run goes on for ever: {MostSteps} steps, the last of {step.Process}.");
        var (outer, running) = (SynchronizationContext.Current, Running);
        SynchronizationContext.SetSynchronizationContext(step.Process);
        Running = step.Process;
        try
        {
            step.Work(step.State);
        }
        finally
        {
            Running = running;
            SynchronizationContext.SetSynchronizationContext(outer);
        }
        ran(step.Process);
        return true;
    }
}

/// <summary>What one process does next.</summary>
internal readonly record struct Step(Process Process, SendOrPostCallback Work, object? State);
