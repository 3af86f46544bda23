using Evergrain.Contracts;
using Evergrain.Core.Entities;
using Evergrain.Core.State;

namespace Evergrain.Embedded;

/// <summary>Looks in the wake-up index for entities that should be awake on this silo and are not: those of a silo that died, and those that
/// moved here. Nobody has to call them. Many are woken at once, so that a slow one does not keep the others.</summary>
internal sealed class WakeUpScan : IDisposable
{
    const int MostAtOnce = 64;

    readonly EmbeddedSilo silo;
    readonly EmbeddedSiloPorts ports;
    readonly TimeSpan period;
    readonly Func<EntityId, bool> belongsHere;
    readonly ITimer timer;
    readonly Queue<EntityId> asleep = new();
    readonly HashSet<EntityId> taken = []; // asleep, or being woken
    int wakers;
    bool scanning;

    public WakeUpScan(EmbeddedSilo silo, EmbeddedSiloPorts ports, TimeSpan period, Func<EntityId, bool> belongsHere)
    {
        (this.silo, this.ports, this.period, this.belongsHere) = (silo, ports, period, belongsHere);
        timer = ports.Time.CreateTimer(_ => ports.Executor.Post(() => _ = Scan()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start() => timer.Change(TimeSpan.Zero, period);

    public void Dispose() => timer.Dispose();

    async Task Scan()
    {
        lock (asleep)
        {
            if (silo.IsDead || scanning) return;
            scanning = true;
        }
        try
        {
            var index = await ports.Entities.WakeUps();
            lock (asleep) Take(index);
        }
        catch (StoreUnavailableException)
        {
            // The next scan asks again; nothing else depends on this one.
            return;
        }
        finally
        {
            lock (asleep) scanning = false;
        }
    }

    void Take(IReadOnlyList<EntityId> index)
    {
        // Stores give the index in any order; the same seed is to be the same history. Nearly always there is nothing to order.
        foreach (var id in index.Where(id => IsAsleep(id) && !taken.Contains(id)).OrderBy(id => id.Key, StringComparer.Ordinal).ThenBy(id => id.Kind, StringComparer.Ordinal))
            if (taken.Add(id)) asleep.Enqueue(id);
        for (var starts = Math.Min(asleep.Count, MostAtOnce - wakers); starts > 0; starts--)
        {
            wakers++;
            ports.Executor.Post(() => _ = WakeSome());
        }
    }

    async Task WakeSome()
    {
        while (Next(out var id))
        {
            if (IsAsleep(id)) await silo.Receive(new CallRequest { Entity = id, Operation = EntitySilo.WakeOperation, Caller = $"silo/{silo.Id}" });
            lock (asleep) taken.Remove(id);
        }
    }

    bool Next(out EntityId id)
    {
        lock (asleep)
        {
            if (!silo.IsDead && asleep.TryDequeue(out id)) return true;
            wakers--;
            id = default;
            return false;
        }
    }

    bool IsAsleep(EntityId id) => belongsHere(id) && silo.Entities.Active(id) is null;
}
