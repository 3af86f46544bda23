using Evergrain.Runtime;

namespace Evergrain.Simulator.World;

/// <summary>One operating system process of the run: a silo, or the world outside. What it posts, and what its awaits go on with, are its
/// own steps, so it can be paused and can die between any two of them.</summary>
internal sealed class Process(string name, int number, Schedule schedule, Clock clock) : SynchronizationContext, IExecutor
{
    static readonly SendOrPostCallback RunAction = static action => ((Action)action!)();
    readonly List<Step> held = [];
    readonly TaskCompletionSource death = new();

    public string Name => name;
    public int Number => number;
    public bool IsDead { get; private set; }
    public bool IsPaused { get; private set; }

    /// <summary>Completes when it is killed.</summary>
    public Task Death => death.Task;

    public void Post(Action work) => schedule.Post(this, RunAction, work);

    /// <summary>A step of this process, so much later.</summary>
    public void Post(Action work, TimeSpan after)
    {
        if (after <= TimeSpan.Zero) Post(work);
        else new SimulatedTimer(clock, this, static work => ((Action)work!)(), work).Change(after, Timeout.InfiniteTimeSpan);
    }

    public override void Post(SendOrPostCallback callback, object? state) => schedule.Post(this, callback, state);
    public override void Send(SendOrPostCallback callback, object? state) => throw new NotSupportedException("Nothing in a run waits for a step.");
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Nothing of it runs until <see cref="Resume"/>; its clock goes on, and what it is sent waits.</summary>
    public void Pause() => IsPaused = true;

    public void Resume()
    {
        IsPaused = false;
        foreach (var step in held) schedule.Post(step.Process, step.Work, step.State);
        held.Clear();
    }

    /// <summary>Nothing of it ever runs again.</summary>
    public void Kill()
    {
        IsDead = true;
        held.Clear();
        death.TrySetResult();
    }

    /// <summary>Completes at a later step of this process, so that other things happen meanwhile.</summary>
    public Task LaterStep()
    {
        var later = new TaskCompletionSource();
        Post(static source => ((TaskCompletionSource)source!).SetResult(), later);
        return later.Task;
    }

    /// <summary>Completes at a later step of this process, so much later.</summary>
    public Task LaterStepAfter(TimeSpan span)
    {
        var later = new TaskCompletionSource();
        Post(later.SetResult, span);
        return later.Task;
    }

    internal bool Admits(Step step)
    {
        if (IsPaused && !IsDead) held.Add(step);
        return !IsPaused && !IsDead;
    }

    public override string ToString() => name;
}
