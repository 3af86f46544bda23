using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Checks;

/// <summary>P8: a version grain that dies is replaced without anyone's call, and the rollout comes to its end from any step.</summary>
internal sealed class RolloutsEnd() : Checker("P8")
{
    // Preparing may take 30 s, and anew with each new version grain; then an abort 60 s, or draining 90 s.
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(130);

    TimeSpan since;
    FaultKind? last;

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case FaultTook fault:
                (since, last) = (fault.At, fault.Kind);
                break;
            case RecordStored { After.Rollout: { } rollout } stored when stored.Before.Rollout?.Id != rollout.Id:
                since = stored.At;
                break;
            case RecordStored { After.Rollout: { Ended: true } rollout } stored when stored.Before.Rollout is { Ended: false } && stored.At - since > Bound:
                Broken(stored.At, $"rollout {rollout.Id} ended {(stored.At - since).TotalSeconds:0} s after the last that went wrong ({last}).");
                break;
        }
    }

    public override void AtEnd(Outcome outcome)
    {
        if (outcome.Record.Rollout is { Ended: false } rollout) Missing(outcome.At, $"rollout {rollout.Id} is {rollout.Phase} still, {(outcome.At - since).TotalSeconds:0} s after the last that went wrong ({last}).");
    }
}
