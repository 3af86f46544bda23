using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>What entities need of their silo's modules.</summary>
public interface IModuleTables
{
    /// <summary>The serving table: one volatile read.</summary>
    ModuleTable Table { get; }

    /// <summary>The slots of other versions whose steps complete a slice's way, each with a lease taken; empty when they cannot complete it either.</summary>
    /// <exception cref="Contracts.FindingsException">A version that has a step of the way cannot be loaded.</exception>
    /// <exception cref="State.StoreUnavailableException">It cannot be known now which versions there are.</exception>
    ValueTask<IReadOnlyList<ModuleSlot>> Migrators(MigrationNeed need);
}
