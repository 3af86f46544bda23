namespace Evergrain.Contracts;

/// <summary>One thing that an entity told its subscribers.</summary>
/// <param name="From">The entity.</param>
/// <param name="Sequence">Counts every event of the entity, from 1; a jump is a gap that the subscriber can see.</param>
/// <param name="Name"><c>module.event</c>.</param>
/// <param name="Data">UTF-8 JSON.</param>
/// <param name="Module">The version that published it.</param>
/// <param name="Epoch">The epoch of the turn that published it.</param>
public sealed record GameEvent(EntityId From, long Sequence, string Name, ReadOnlyMemory<byte> Data, ModuleId Module, long Epoch);

/// <summary>Takes the events of an entity. Called from the entity's turn: must not block, must not throw.</summary>
public interface IEventSink
{
    void OnEvent(GameEvent gameEvent);
}

/// <summary>Where gateways subscribe; a subscription outlives the entity's move to another silo. Safe from any thread.</summary>
public interface IEventSource
{
    /// <summary>Dispose the answer to end the subscription.</summary>
    IDisposable Subscribe(EntityId entity, IEventSink sink);
}
