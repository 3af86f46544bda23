using Evergrain.Contracts;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Runtime;
using Microsoft.Extensions.Logging;

namespace Evergrain.Core.Entities;

/// <summary>What an engine gives to the entities of one silo: the port between Core and the engines.</summary>
public sealed record EntitySiloPorts
{
    public required string SiloId { get; init; }
    public required IModuleTables Modules { get; init; }
    public required IEntityStore Store { get; init; }

    /// <summary>Calls any entity, wherever it lives.</summary>
    public required IEntityCaller Caller { get; init; }

    /// <summary>Hands an event to the subscribers, on whatever gateway. Must not block.</summary>
    public required Action<GameEvent> Publish { get; init; }

    /// <summary>Brings the silo to an epoch that a caller or a record has seen.</summary>
    public required Func<long, ValueTask<CatchUpAnswer>> CatchUp { get; init; }

    /// <summary>Whether the engine places the entity on this silo: asked before an activation is made.</summary>
    public required Func<EntityId, bool> BelongsHere { get; init; }

    /// <summary>Completes once the entity is active on no other silo that lives; it may have been placed there before. Asked before a record is read. Cancelled when
    /// the entity is placed elsewhere meanwhile: then nothing more is asked of the others, and how it completes does not matter.</summary>
    public required Func<EntityId, CancellationToken, ValueTask> Claim { get; init; }

    public required TimeProvider Time { get; init; }
    public required IExecutor Executor { get; init; }
    public required IIdSource Ids { get; init; }
    public required ILogger Logger { get; init; }
    public required EntityInstruments Instruments { get; init; }

    /// <summary>The cluster's incarnation now, which every record is stamped with. Must not block. Default: the first.</summary>
    public Func<long> Incarnation { get; init; } = static () => 1;

    /// <summary>How entities are hashed, which is the order in which they are swept, looked through and abandoned. Null: a hash of this process, so
    /// that nobody can choose keys that collide; two processes then differ. A simulator gives one that is the same everywhere.</summary>
    public IEqualityComparer<EntityId>? EntityHashing { get; init; }
}
