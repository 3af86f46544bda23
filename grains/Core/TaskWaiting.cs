using Evergrain.Runtime;

namespace Evergrain.Core;

/// <summary>Bounded waiting on injected time.</summary>
public static class TaskWaiting
{
    /// <summary>True when the task completed, however it did, within the time.</summary>
    public static async Task<bool> EndsWithin(this Task task, TimeSpan span, TimeProvider time)
    {
        if (task.IsCompleted) return true;
        using var ended = new CancellationTokenSource();
        var timeout = Task.Delay(span, time, ended.Token);
        await Task.WhenAny(task.Followed(), timeout);
        ended.Cancel();
        return task.IsCompleted;
    }
}
