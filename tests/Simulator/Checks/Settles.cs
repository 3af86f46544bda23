using Evergrain.Contracts.Ops;
using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks;

/// <summary>Liveness, of P7: once the faults are over the cluster settles by itself, within a bound.</summary>
internal sealed class Settles(Known known) : Checker("P7")
{
    public override void See(Observation observation) { }

    public override void AtEnd(Outcome outcome)
    {
        foreach (var silo in outcome.Silos)
        {
            if (silo.Epoch != outcome.Record.Epoch) Missing(outcome.At, $"{silo.Id} is at epoch {silo.Epoch}; the record says {outcome.Record.Epoch}.");
            if (outcome.Record.Silo(silo.Id) is null) Missing(outcome.At, $"{silo.Id} is not in the record.");
            foreach (var slot in silo.Modules.Where(slot => slot.State is SlotState.Draining or SlotState.Preparing or SlotState.Stuck))
                Missing(outcome.At, $"{slot.Name}@{slot.Version} on {silo.Id} is {slot.State} still, with {slot.Leases} leases, held by {string.Join(", ", slot.Holders)}.");
        }
        foreach (var silo in outcome.Record.Silos.Where(silo => outcome.Silos.All(live => live.Id != silo.Id))) Missing(outcome.At, $"{silo.Id} is in the record still, and gone.");
        foreach (var entity in outcome.Entities.Where(entity => entity.Extras.Outbox.Values.Any(entry => !known.Entities.IsStuck(entry.To)) && !known.Entities.IsStuck(entity.Id))) Missing(outcome.At, $"{entity.Id} has {entity.Extras.Outbox.Count} sends that did not arrive.");
        foreach (var entity in outcome.WakeUps.Where(entity => !outcome.Awake.Contains(entity) && !known.Entities.IsStuck(entity))) Missing(outcome.At, $"{entity} is to be awake, and is not.");
        foreach (var entity in outcome.Entities.Where(entity => entity.NeedsWakeUp && !outcome.WakeUps.Contains(entity.Id))) Missing(outcome.At, $"{entity.Id} has something to do, and is not in the wake-up index.");
    }
}
