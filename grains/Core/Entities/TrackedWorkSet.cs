using Evergrain.ModuleSdk;

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
        if (!pending.Slot.TryAcquire()) return; // The version retires: work of it would be cancelled at once.
        var work = new RunningWork(activation, pending, turn.Operation, turn.Frame);
        lock (running) running.Add(work);
        activation.Silo.Began(work);
        activation.Silo.Post(() => _ = Run(work, pending.Work));
    }

    public void Cancel() => CancelWhere(_ => true);

    /// <summary>The entity moved on: work of slots that it left ends.</summary>
    public void CancelOutside(SliceSet slices) => CancelWhere(work => !slices.Routes.Any(route => ReferenceEquals(route.Slot, work.Slot)));

    // Never here: what waits for the token goes on where it is cancelled, and this may be inside a turn.
    void CancelWhere(Func<RunningWork, bool> which)
    {
        foreach (var work in List().Where(which)) work.CancelSoon();
    }

    async Task Run(RunningWork work, Func<TrackedWork, Task> body)
    {
        try
        {
            work.Token.ThrowIfCancellationRequested();
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
            activation.Silo.Ended(work);
            work.Dispose();
            work.Slot.Release();
        }
    }
}
