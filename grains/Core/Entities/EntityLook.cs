using Evergrain.Core.State;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>An entity as of its last turn that succeeded, seen from outside its gate, so that one whose turn does not end can be seen too.
/// All parts belong together.</summary>
internal readonly record struct EntityLook(SliceSet Slices, EntityState State, EntityRecord? Stored, ModuleTable Table)
{
    // A reconcile may happen while we look; it is over in microseconds.
    const int MaxLooks = 16;

    /// <summary>What a look came to, with leases of the entity's slots held meanwhile; null when the activation is gone, or has no state in memory.</summary>
    public static T? Take<T>(EntityActivation activation, Func<EntityLook, T?> look) where T : class
    {
        for (var i = 0; i < MaxLooks; i++)
        {
            var table = activation.Table;
            Interlocked.MemoryBarrier();
            var (slices, state, stored) = (activation.Slices, activation.State, activation.Stored);
            Interlocked.MemoryBarrier();
            if (state is null || slices is null) return null;
            if (table is null || !ReferenceEquals(table, activation.Table) || !slices.TryAcquire()) continue;
            try
            {
                var seen = look(new EntityLook(slices, state, stored, table));
                if (ReferenceEquals(slices, activation.Slices) && ReferenceEquals(table, activation.Table)) return seen;
            }
            finally
            {
                slices.Release();
            }
        }
        return null;
    }
}
