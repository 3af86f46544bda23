using Evergrain.Contracts;

namespace Evergrain.Core.Entities;

/// <summary>The entities that this silo could not bring to the serving versions, while nothing has changed that. Bounded.
/// Safe from any thread.</summary>
internal sealed class QuarantinedEntities
{
    /// <summary>Entities that a silo remembers; the others are found again when something wants them.</summary>
    public const int Most = 10_000;

    readonly Dictionary<EntityId, (CallError Why, long Epoch)> known = [];
    volatile bool any;

    public void Add(EntityId id, CallError why, long epoch)
    {
        lock (known)
        {
            if (known.Count < Most || known.ContainsKey(id)) known[id] = (why, epoch);
            any = true;
        }
    }

    public void Remove(EntityId id)
    {
        if (!any) return;
        lock (known)
        {
            known.Remove(id);
            any = known.Count > 0;
        }
    }

    /// <summary>Other versions serve: what was found before that epoch is tried anew when it is wanted.</summary>
    public void RemoveBefore(long epoch)
    {
        if (!any) return;
        lock (known)
        {
            foreach (var (id, found) in known.ToArray())
                if (found.Epoch < epoch) known.Remove(id);
            any = known.Count > 0;
        }
    }

    public CallError? Find(EntityId id)
    {
        lock (known) return known.TryGetValue(id, out var found) ? found.Why : null;
    }

    /// <summary>In no order.</summary>
    public KeyValuePair<EntityId, CallError>[] All()
    {
        lock (known) return [.. known.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Why))];
    }
}
