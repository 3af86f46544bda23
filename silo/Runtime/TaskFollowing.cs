namespace Evergrain.Runtime;

/// <summary>Waiting that stays where it was begun.</summary>
public static class TaskFollowing
{
    /// <summary>The same outcome, as a task that <see cref="Task.WhenAny(Task[])"/> and <see cref="Task.WaitAsync(CancellationToken)"/> may
    /// wait for: they complete on the thread pool when the task's own continuations are asynchronous, which an await does not.</summary>
    public static async Task Followed(this Task task) => await task;

    /// <inheritdoc cref="Followed(Task)"/>
    public static async Task<T> Followed<T>(this Task<T> task) => await task;
}
