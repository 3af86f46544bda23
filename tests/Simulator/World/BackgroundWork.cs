using Evergrain.Runtime;

namespace Evergrain.Simulator.World;

/// <summary>Where a silo prepares, loads and unloads, beside its game: each piece of work may wait for a thread, and so may what goes on after an
/// await, so that the pieces overtake one another.</summary>
internal sealed class BackgroundWork(Process process, Weather weather) : SynchronizationContext, IExecutor
{
    public void Post(Action work) => Post(static work => ((Action)work!)(), work);

    public override void Post(SendOrPostCallback callback, object? state)
    {
        if (!weather.IsBusy) process.Post(callback, state);
        else process.Post(() => Run(callback, state), weather.WaitForThread());
    }

    public override void Send(SendOrPostCallback callback, object? state) => throw new NotSupportedException("Nothing in a run waits for a step.");
    public override SynchronizationContext CreateCopy() => this;

    // Until the step ends, which sets back whatever was before it.
    void Run(SendOrPostCallback callback, object? state)
    {
        SetSynchronizationContext(this);
        callback(state);
    }
}
