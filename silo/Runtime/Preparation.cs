using Evergrain.Runtime.Slots;

namespace Evergrain.Runtime;

/// <summary>A running preparation and those who wait for it. It is cancelled when none of them waits any more.</summary>
internal sealed class Preparation(PrepareRequest request)
{
    readonly TaskCompletionSource<PrepareResult> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource cancellation = new();
    int waiting;

    public PrepareRequest Request { get; } = request;
    public PackageRef Package => Request.Package;
    public bool IsMigrator => Request.IsMigrator;
    public Task<PrepareResult> Result => result.Task;

    /// <summary>Completes when another preparation of the same package may start.</summary>
    public Task Ended => ended.Task;

    public CancellationToken Cancellation => cancellation.Token;

    /// <summary>Set while it runs, so that it is visible.</summary>
    public SlotEntry? Entry { get; set; }

    public void Join() => waiting++;

    /// <summary>True when nobody waits any more.</summary>
    public bool Leave() => --waiting == 0;

    public void Cancel() => cancellation.Cancel();

    public void End() => ended.TrySetResult();
    public void Complete(PrepareResult done) => result.TrySetResult(done);
    public void Abandon() => result.TrySetCanceled(cancellation.Token);
}
