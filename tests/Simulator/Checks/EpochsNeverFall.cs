using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks;

/// <summary>P4: a call runs at the epoch that its caller has seen, or later; an entity's stored epoch never falls.</summary>
internal sealed class EpochsNeverFall() : Checker("P4")
{
    public override void See(Observation observation)
    {
        switch (observation)
        {
            case CallEnded { Reply.Ok: true } ended when ended.Reply.Epoch < ended.Request.SeenEpoch:
                Broken(ended.At, $"call {ended.Call} was sent after epoch {ended.Request.SeenEpoch} and ran at {ended.Reply.Epoch}.");
                break;
            case EntityStored { Before: { } before, After: { } after } stored when after.Epoch < before.Epoch:
                Broken(stored.At, $"the stored epoch of {after.Id} fell from {before.Epoch} to {after.Epoch}.");
                break;
        }
    }
}
