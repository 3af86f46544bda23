using Evergrain.Contracts;
using Evergrain.Runtime.Slots;

namespace Evergrain.Runtime;

/// <summary>What came of preparing a package: a slot that is ready, or every finding.</summary>
/// <param name="Took">From the request to the answer.</param>
public sealed record PrepareResult(ModuleSlot? Slot, IReadOnlyList<Finding> Findings, TimeSpan Took);
