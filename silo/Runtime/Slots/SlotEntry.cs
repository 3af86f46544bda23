using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.ModulePackaging;

namespace Evergrain.Runtime.Slots;

/// <summary>A slot with what the runtime alone knows of it. Changed under the catalog's lock, or by the one that retires it.</summary>
internal sealed class SlotEntry(ModuleSlot slot, ModuleManifest manifest)
{
    public ModuleSlot Slot { get; } = slot;
    public ModuleManifest Manifest { get; } = manifest;

    /// <summary>Null for a data set, and once it was unloaded.</summary>
    public ILoadedModule? Loaded { get; set; }

    public SlotPieces? Pieces { get; set; }

    /// <summary>The last epoch whose table had it.</summary>
    public long ServingEpoch { get; set; }

    /// <summary>Loaded only to bring slices up or down: no release names it, and it goes by itself.</summary>
    public bool IsMigrator { get; set; }

    /// <summary>Whether someone waits for the migrator's time to pass.</summary>
    public bool IsWatched { get; set; }

    /// <summary>When it was last asked for as a migrator, in the time provider's timestamps.</summary>
    public long MigratorUsed { get; set; }

    /// <summary>Who was found to hold what is left of it.</summary>
    public IReadOnlyList<string> Holders { get; set; } = [];

    public IReadOnlyList<Finding> Findings { get; set; } = [];

    public SlotStatus Status(ISlotHolders? holders) => new(Slot.Id.Name, Slot.Id.Version, Slot.State, Slot.Leases)
    {
        Digest = Slot.Package.Digest,
        Holders = Slot.State is SlotState.Draining or SlotState.Stuck && Slot.Leases > 0 ? holders?.HoldersOf(Slot, 8) ?? [] : Holders,
        Findings = Findings,
    };
}
