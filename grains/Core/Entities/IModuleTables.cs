using Evergrain.Core.State;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>What entities need of their silo's modules.</summary>
public interface IModuleTables
{
    /// <summary>The serving table: one volatile read.</summary>
    ModuleTable Table { get; }

    /// <summary>The slot of the version that wrote a slice, with a lease taken, to bring the slice down; null when this release names no such version.</summary>
    ValueTask<ModuleSlot?> Migrator(SliceRecord written);
}
