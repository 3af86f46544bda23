using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Runs;

/// <summary>When a run may end: nothing is on its way any more, and every silo is where the record wants it.</summary>
internal sealed class Settling(SimulatedWorld world)
{
    public bool IsDone() => Missing() is null;

    /// <summary>The first that is not settled; null when all is.</summary>
    public string? Missing()
    {
        var (record, members) = (world.Record.Record, world.Cluster.Members);
        if (record.Rollout is not { Ended: true }) return $"the rollout is {record.Rollout?.Phase.ToString() ?? "none"}";
        if (record.Silos.Count != members.Count) return $"{record.Silos.Count} silos are in the record, and {members.Count} live";
        foreach (var silo in members)
        {
            if (record.Silo(silo.Id)?.Instance != silo.Agent.Instance) return $"{silo.Id} is not in the record";
            if (silo.Entities.Epoch != record.Epoch) return $"{silo.Id} is at epoch {silo.Entities.Epoch} of {record.Epoch}";
            foreach (var slot in silo.Modules.Report())
                if (slot.State is SlotState.Draining or SlotState.Preparing or SlotState.Stuck) return $"{slot.Name}@{slot.Version} is {slot.State} on {silo.Id} with {slot.Leases} leases";
        }
        foreach (var entity in world.Entities.Records)
            if (entity.Extras.Outbox.Values.Any(entry => !IsStuck(entry.To)) && !IsStuck(entity.Id)) return $"{entity.Extras.Outbox.Count} sends of {entity.Id} have not arrived";
        foreach (var entity in world.Entities.WakeUps)
            if (!IsAwake(entity) && !IsStuck(entity)) return $"{entity} is not awake";
        return null;
    }

    // It may be in quarantine: what is sent to it waits until an operator has dealt with it.
    bool IsStuck(EntityId entity) => world.Entities.Read(entity) is { } record && StuckStates.Has(record);

    // In memory, and not only about to be: a claim may wait for a silo that stands still. What was destroyed is not listed, and has its last sends to deliver.
    bool IsAwake(EntityId entity) => world.Cluster.Members.Any(silo => silo.Entities.Rows(entity.Kind).Any(row => row.Id == entity))
        || world.Entities.Read(entity) is { Created: false } && world.Cluster.Members.Any(silo => silo.Entities.Active(entity) is not null);
}
