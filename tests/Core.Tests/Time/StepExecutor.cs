using Evergrain.Runtime;

namespace Evergrain.Core.Tests.Time;

/// <summary>Runs posted work when the test says so, on the test's thread: in order, or, with a Random, in any order.</summary>
public sealed class StepExecutor(Random? random = null) : IExecutor
{
    readonly List<Action> posted = [];

    public int Waiting => posted.Count;

    public void Post(Action work) => posted.Add(work);

    /// <summary>False when nothing waits.</summary>
    public bool Step()
    {
        if (posted.Count == 0) return false;
        var index = random?.Next(posted.Count) ?? 0;
        var work = posted[index];
        posted.RemoveAt(index);
        work();
        return true;
    }

    /// <summary>Until nothing waits; work that posts itself for ever fails the test.</summary>
    public void Drain(int limit = 1_000_000)
    {
        while (Step())
            if (--limit < 0) throw new InvalidOperationException("Work goes on posting work.");
    }
}
