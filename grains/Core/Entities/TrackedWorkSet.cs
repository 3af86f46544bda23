using Evergrain.Contracts;
using Evergrain.Core.Frames;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>The work that runs beside an entity's turns, each piece with a lease of its slot. Safe from any thread.</summary>
internal sealed class TrackedWorkSet(EntityActivation activation)
{
    public const int MaxPerEntity = 16;
    readonly List<RunningWork> running = [];

    public int Count
    {
        get { lock (running) return running.Count; }
    }

    public IReadOnlyList<RunningWork> List()
    {
        lock (running) return [.. running];
    }

    /// <summary>Called inside the entity's gate, after the turn that asked for it has succeeded.</summary>
    public void Start(PendingWork pending, EntityTurn turn)
    {
        var slot = turn.Route.Slot;
        if (!slot.TryAcquire()) return; // The version retires: work of it would be cancelled at once.
        var work = new RunningWork(activation, pending, slot, turn.Operation, turn.Frame);
        lock (running)
        {
            if (running.Count >= MaxPerEntity)
            {
                slot.Release();
                activation.Silo.Log.Turn(TurnLogLevel.Error, activation.Id, turn.Operation, slot.Id, activation.Silo.Epoch, $"'{pending.Name}' was not started: {MaxPerEntity} pieces of tracked work run already.");
                return;
            }
            running.Add(work);
        }
        activation.Silo.Post(() => _ = Run(work, pending.Work));
    }

    public void Cancel() => CancelWhere(_ => true);

    /// <summary>The entity moved on: work of slots that it left ends.</summary>
    public void CancelOutside(SliceSet slices) => CancelWhere(work => !slices.Routes.Any(route => ReferenceEquals(route.Slot, work.Slot)));

    void CancelWhere(Func<RunningWork, bool> which)
    {
        RunningWork[] found;
        lock (running) found = [.. running.Where(which)];
        foreach (var work in found) work.Cancel();
    }

    async Task Run(RunningWork work, Func<TrackedWork, Task> body)
    {
        try
        {
            await body(work);
        }
        catch (OperationCanceledException) when (work.Token.IsCancellationRequested)
        {
            activation.Silo.Log.WorkEnded(activation.Id, work, "cancelled");
        }
        catch (Exception thrown)
        {
            activation.Silo.Log.WorkEnded(activation.Id, work, $"{thrown.GetType().Name}: {thrown.Message}");
        }
        finally
        {
            lock (running) running.Remove(work);
            work.Dispose();
            work.Slot.Release();
        }
    }
}

/// <summary>One piece of tracked work, as its body sees it and as operators see it.</summary>
internal sealed class RunningWork : TrackedWork, IDisposable
{
    readonly EntityActivation activation;
    readonly CancellationTokenSource ending;

    public RunningWork(EntityActivation activation, PendingWork pending, ModuleSlot slot, string operation, long frame) : base(pending.Json)
    {
        (this.activation, Name, Slot, Operation, StartFrame) = (activation, pending.Name, slot, operation, frame);
        ending = CancellationTokenSource.CreateLinkedTokenSource(slot.Retiring);
        Token = ending.Token;
    }

    public string Name { get; }
    public string Operation { get; }
    public long StartFrame { get; }
    public ModuleSlot Slot { get; }
    public override EntityId Entity => activation.Id;
    public override DateTimeOffset Now => activation.Silo.Time.GetUtcNow();
    public override CancellationToken Token { get; }

    public override Task Delay(TimeSpan time) => Task.Delay(time, activation.Silo.Time, Token);

    public override void Log(TurnLogLevel level, string message) =>
        activation.Silo.Log.Turn(level, activation.Id, Name, Slot.Id, activation.Silo.Epoch, message);

    public void Cancel()
    {
        lock (ending)
            if (!disposed) ending.Cancel();
    }

    public void Dispose()
    {
        lock (ending)
        {
            disposed = true;
            ending.Dispose();
        }
    }

    bool disposed;

    protected override async ValueTask<ReadOnlyMemory<byte>> CallBytes(EntityId to, string operation, ReadOnlyMemory<byte> arguments)
    {
        Token.ThrowIfCancellationRequested();
        var reply = await activation.Silo.Caller.Call(new CallRequest
        {
            Entity = to, Operation = operation, Arguments = arguments, Caller = activation.Id.ToString(), SeenEpoch = activation.Silo.Epoch,
        });
        Token.ThrowIfCancellationRequested();
        return reply.Error is { } error ? throw new CallFailedException(error) : reply.Result;
    }
}
