using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks;

/// <summary>P4: a call runs at the epoch that its caller has seen, or later; an entity's stored epoch never falls.</summary>
internal sealed class EpochsNeverFall() : Checker("P4")
{
    // An answer that is kept for its key is of the turn that ran, which may have been for the first try.
    readonly Dictionary<int, long> seenAtFirst = [];

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case CallBegan began:
                seenAtFirst.TryAdd(began.Call, began.Request.SeenEpoch);
                break;
            case CallEnded { Reply.Ok: true } ended when ended.Reply.Epoch < Least(ended):
                Broken(ended.At, $"call {ended.Call} was sent after epoch {Least(ended)} and ran at {ended.Reply.Epoch}.");
                break;
            case EntityStored { Before: { } before, After: { } after } stored when after.Epoch < before.Epoch:
                Broken(stored.At, $"the stored epoch of {after.Id} fell from {before.Epoch} to {after.Epoch}.");
                break;
        }
    }

    long Least(CallEnded ended) => ended.Request.Key is null ? ended.Request.SeenEpoch : seenAtFirst[ended.Call];
}
