using Evergrain.Contracts;
using Evergrain.Core.Entities;
using Evergrain.Core.State;

namespace Evergrain.Embedded;

/// <summary>Looks in the wake-up index for entities that should be awake on this silo and are not: those of a silo that died, and those that
/// moved here. Nobody has to call them.</summary>
internal sealed class WakeUpScan : IDisposable
{
    readonly EmbeddedSilo silo;
    readonly IEntityStore store;
    readonly Func<EntityId, bool> belongsHere;
    readonly TimeSpan period;
    readonly ITimer timer;
    int scanning;

    public WakeUpScan(EmbeddedSilo silo, EmbeddedClusterPorts ports, TimeSpan period, Func<EntityId, bool> belongsHere)
    {
        (this.silo, store, this.period, this.belongsHere) = (silo, ports.Entities, period, belongsHere);
        timer = ports.Time.CreateTimer(_ => ports.Executor.Post(() => _ = Scan()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start() => timer.Change(TimeSpan.Zero, period);

    public void Dispose() => timer.Dispose();

    async Task Scan()
    {
        if (silo.IsDead || Interlocked.Exchange(ref scanning, 1) == 1) return;
        try
        {
            foreach (var id in await store.WakeUps())
                if (belongsHere(id) && silo.Entities.Active(id) is null)
                    await silo.Receive(new CallRequest { Entity = id, Operation = EntitySilo.WakeOperation, Caller = $"silo/{silo.Id}" });
        }
        catch (StoreUnavailableException)
        {
            // The next scan asks again; nothing else depends on this one.
            return;
        }
        finally
        {
            Volatile.Write(ref scanning, 0);
        }
    }
}
