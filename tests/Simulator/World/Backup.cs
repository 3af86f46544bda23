using Evergrain.Contracts;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;

namespace Evergrain.Simulator.World;

/// <summary>A copy of all that the stores hold at one moment.</summary>
internal sealed record Backup(IReadOnlyList<EntityRecord> Records, IReadOnlyList<EntityId> WakeUps, ClusterRecord Cluster, ClusterHistory History);
