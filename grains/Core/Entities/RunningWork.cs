using Evergrain.Contracts;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>One piece of tracked work, as its body sees it and as operators see it.</summary>
internal sealed class RunningWork : TrackedWork, IDisposable
{
    static readonly TimeSpan RefusalPause = TimeSpan.FromSeconds(1);

    readonly EntityActivation activation;
    readonly CancellationTokenSource ending = new();
    readonly CancellationTokenRegistration retiring;
    bool disposed;
    int refusals;

    public RunningWork(EntityActivation activation, PendingWork pending, string operation, long frame) : base(pending.Json)
    {
        (this.activation, Name, Slot, Operation, StartFrame) = (activation, pending.Name, pending.Slot, operation, frame);
        Token = ending.Token;
        // By the executor and each by itself: what one body does when it is cancelled keeps no other from being so.
        retiring = pending.Slot.Retiring.UnsafeRegister(static work => ((RunningWork)work!).CancelSoon(), this);
    }

    public string Name { get; }
    public string Operation { get; }
    public long StartFrame { get; }
    public ModuleSlot Slot { get; }
    public override EntityId Entity => activation.Id;
    public override DateTimeOffset Now => activation.Silo.Time.GetUtcNow();
    public override CancellationToken Token { get; }

    public override Task Delay(TimeSpan time) => Token.IsCancellationRequested ? Refuse() : Task.Delay(time, activation.Silo.Time, Token);

    public override void Log(TurnLogLevel level, string message) =>
        activation.Silo.Log.Turn(level, activation.Id, Name, Slot.Id, activation.Silo.Epoch, message);

    /// <summary>Its body may go on here, to its end.</summary>
    public void Cancel()
    {
        try
        {
            if (!Volatile.Read(ref disposed)) ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself just now.
            return;
        }
        catch (AggregateException thrown)
        {
            activation.Silo.Log.WorkEnded(activation.Id, this, $"a callback of its token failed: {thrown.GetBaseException().Message}");
        }
    }

    /// <summary>From any thread, inside a turn or not.</summary>
    public void CancelSoon() => activation.Silo.Post(Cancel);

    public void Dispose()
    {
        retiring.Dispose();
        Volatile.Write(ref disposed, true);
        ending.Dispose();
    }

    protected override async ValueTask<ReadOnlyMemory<byte>> CallBytes(EntityId to, string operation, ReadOnlyMemory<byte> arguments)
    {
        if (Token.IsCancellationRequested) await Refuse();
        var reply = await activation.Silo.Caller.Call(new CallRequest
        {
            Entity = to, Operation = operation, Arguments = arguments, Caller = activation.Id.ToString(), SeenEpoch = Math.Max(activation.SeenEpoch, activation.Silo.Epoch),
        });
        activation.See(reply.SeenEpoch);
        Token.ThrowIfCancellationRequested();
        return reply.Error is { } error ? throw new CallFailedException(error) : reply.Result;
    }

    // A body that ignores its end must neither keep a thread nor spin: it goes on by the executor once, and from then on by the clock.
    async Task Refuse()
    {
        if (Interlocked.Increment(ref refusals) > 1) await Task.Delay(RefusalPause, activation.Silo.Time);
        else await Elsewhere();
        Token.ThrowIfCancellationRequested();
    }

    Task Elsewhere()
    {
        var there = new TaskCompletionSource();
        activation.Silo.Post(there.SetResult);
        return there.Task;
    }
}
