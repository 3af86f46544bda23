using Evergrain.Core.Frames;
using Evergrain.Core.State;

namespace Evergrain.Core.Entities;

/// <summary>An entity in memory, as of the last turn that succeeded. Immutable: a turn makes the next one, and a turn that fails makes none.</summary>
/// <param name="Slices">The modules' own state objects, in the order of the activation's slices; never changed in place.</param>
internal sealed record EntityState(object[] Slices, FrameCount Frames, long EventSequence, EntityExtras Extras, bool Created)
{
    public bool NeedsWakeUp => Extras.NeedWakeUp(Frames);
}
