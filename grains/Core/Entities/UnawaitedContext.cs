namespace Evergrain.Core.Entities;

/// <summary>Where handlers run that may not await: operations that answer at once, frames, steps of a life. What such a handler starts
/// and leaves unawaited ends at its first wait, since no turn is its own any more and it would run beside the entity's next one; what it
/// throws without a task to carry it does not reach the process. Safe from any thread.</summary>
/// <remarks>Migration steps run outside it: they have no turn to misuse.</remarks>
internal sealed class UnawaitedContext(EntityLog log) : SynchronizationContext
{
    public override void Post(SendOrPostCallback callback, object? state) => log.Unawaited();

    public override void Send(SendOrPostCallback callback, object? state) =>
        throw new NotSupportedException("A turn is never entered from another thread: await instead.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>The calling thread runs a handler from now on. The answer is what to set when it has ended.</summary>
    public SynchronizationContext? Enter()
    {
        var outer = Current;
        SetSynchronizationContext(this);
        return outer;
    }
}
