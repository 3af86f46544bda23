namespace Evergrain.EndToEnd.Tests.Running;

/// <summary>What a process says, line by line, and who waits for a line. Safe from any thread.</summary>
internal sealed class ProcessLog
{
    const int MostLines = 2_000;
    readonly Lock gate = new();
    readonly List<string> lines = [];
    readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Found)> waiting = [];
    bool ended;

    public void Add(string line)
    {
        lock (gate)
        {
            if (lines.Count < MostLines) lines.Add(line);
            foreach (var wait in waiting.Where(wait => wait.Wanted(line)).ToArray())
            {
                waiting.Remove(wait);
                wait.Found.SetResult(line);
            }
        }
    }

    /// <summary>No line comes any more: who still waits has waited in vain.</summary>
    public void End()
    {
        lock (gate)
        {
            ended = true;
            foreach (var wait in waiting) wait.Found.SetException(Vain());
            waiting.Clear();
        }
    }

    /// <summary>The first line, past or to come, that is wanted.</summary>
    public Task<string> Line(Func<string, bool> wanted)
    {
        lock (gate)
        {
            if (lines.FirstOrDefault(wanted) is { } line) return Task.FromResult(line);
            if (ended) return Task.FromException<string>(Vain());
            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((wanted, found));
            return found.Task;
        }
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate) return [.. lines];
        }
    }

    public override string ToString() => string.Join('\n', Lines);

    static InvalidOperationException Vain() => new("The process ended before it said this.");
}
