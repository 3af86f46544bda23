using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Runs;

/// <summary>Has the world outside do things, and lets the world go on meanwhile. Whether something has come about is looked at when time
/// advances, not at each step.</summary>
internal sealed class Stage(SimulatedWorld world)
{
    static readonly TimeSpan LongestScene = TimeSpan.FromSeconds(60);

    /// <summary>Begins work as a step of the world outside.</summary>
    public Task Begin(Func<Task> work)
    {
        var done = new TaskCompletionSource<Task>();
        world.Outside.Post(() => done.SetResult(work()));
        return done.Task.Unwrap();
    }

    /// <exception cref="InvalidOperationException">It does not come to its end.</exception>
    public void Do(Func<Task> work)
    {
        var done = Begin(work);
        if (!Until(() => done.IsCompleted, LongestScene)) throw new InvalidOperationException("A step of the run did not come to its end.");
        done.GetAwaiter().GetResult();
    }

    /// <summary>Runs until something holds, or for so long.</summary>
    /// <param name="glance">Between two looks.</param>
    public bool Until(Func<bool> reached, TimeSpan within, TimeSpan glance = default)
    {
        var end = world.Clock.Now + within;
        var next = world.Clock.Now;
        while (true)
        {
            while (world.Schedule.RunNext()) { }
            if (world.Clock.Now >= next)
            {
                if (reached()) return true;
                next = world.Clock.Now + glance;
            }
            if (!world.Clock.FireNext(end)) return reached();
        }
    }

    /// <exception cref="AggregateException">One of them met a mistake of the simulator's own.</exception>
    public static bool AreDone(List<Task> work)
    {
        if (work.Find(one => one.IsFaulted) is { } failed) throw failed.Exception!;
        return work.TrueForAll(one => one.IsCompleted);
    }
}
