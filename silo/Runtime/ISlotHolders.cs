using Evergrain.Runtime.Slots;

namespace Evergrain.Runtime;

/// <summary>Who keeps a slot from draining; answered by whoever runs entities on the silo. Safe from any thread.</summary>
public interface ISlotHolders
{
    /// <summary>The entities and tracked work that hold leases of the slot, at most so many.</summary>
    IReadOnlyList<string> HoldersOf(ModuleSlot slot, int limit);

    /// <summary>The drain deadline has passed: deactivate the entities that still hold the slot. Their stored bytes are kept.</summary>
    void Evict(ModuleSlot slot);
}
