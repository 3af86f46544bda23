using Evergrain.Runtime;

namespace Evergrain.Simulator.World;

/// <summary>Where a silo prepares, loads and unloads, beside its game: each piece of work may wait for a thread, so that the pieces overtake one another.</summary>
internal sealed class BackgroundWork(Process process, Clock clock, Weather weather) : IExecutor
{
    public void Post(Action work)
    {
        var wait = weather.WaitForThread();
        if (wait == TimeSpan.Zero) process.Post(work);
        else new SimulatedTimer(clock, process, static work => ((Action)work!)(), work).Change(wait, TimeSpan.Zero);
    }
}
