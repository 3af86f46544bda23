using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;

namespace Evergrain.Simulator.Checks;

/// <summary>What is there when all is over: the records, and what the cluster says of itself.</summary>
/// <param name="Awake">The entities that are active somewhere.</param>
internal sealed record Outcome(TimeSpan At, ClusterRecord Record, ClusterHistory History, IReadOnlyList<EntityRecord> Entities, IReadOnlyList<EntityId> WakeUps, IReadOnlySet<EntityId> Awake, IReadOnlyList<SiloStatus> Silos, bool Converged);
