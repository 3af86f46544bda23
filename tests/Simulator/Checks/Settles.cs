using Evergrain.Contracts.Ops;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks;

/// <summary>Liveness, of P7 and P8: once the faults are over the cluster settles by itself, within a bound.</summary>
internal sealed class Settles() : Checker("P7")
{
    public override void See(Observation observation) { }

    public override void AtEnd(Outcome outcome)
    {
        if (outcome.Record.Rollout is { Ended: false } rollout) Missing(outcome.At, $"rollout {rollout.Id} is {rollout.Phase} still.");
        foreach (var silo in outcome.Silos)
        {
            if (silo.Epoch != outcome.Record.Epoch) Missing(outcome.At, $"{silo.Id} is at epoch {silo.Epoch}; the record says {outcome.Record.Epoch}.");
            foreach (var slot in silo.Modules.Where(slot => slot.State is SlotState.Draining or SlotState.Preparing)) Missing(outcome.At, $"{slot.Name}@{slot.Version} on {silo.Id} is {slot.State} still.");
        }
        foreach (var entity in outcome.Entities.Where(entity => entity.Extras.Outbox.Count > 0)) Missing(outcome.At, $"{entity.Id} has {entity.Extras.Outbox.Count} sends that did not arrive.");
    }
}
