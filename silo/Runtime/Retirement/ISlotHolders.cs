using Evergrain.Runtime.Slots;

namespace Evergrain.Runtime;

/// <summary>What the entities' side knows of a slot's leases. Safe from any thread.</summary>
public interface ISlotHolders
{
    /// <summary>Names entities and tracked work that hold the slot, at most so many.</summary>
    IReadOnlyList<string> HoldersOf(ModuleSlot slot, int limit);

    /// <summary>The drain deadline has passed: deactivate what holds the slot, keeping its bytes.</summary>
    void Evict(ModuleSlot slot);
}
