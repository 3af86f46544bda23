namespace Evergrain.ModuleSdk;

/// <summary>When an entity's state reaches the store. Whatever the kind says, an entity is written first when a turn sends to another entity, answers a
/// send, destroys the entity or asks for it (<see cref="Turn.Save"/>).</summary>
/// <remarks>What a crash and an outage of the store cost under each: <c>interfaces/docs/durability.md</c>.</remarks>
public enum Durability
{
    /// <summary>Written at most one interval (default 1 s) after a turn that changed it; replies and events leave at once, and may be rolled back by a crash.</summary>
    Interval,

    /// <summary>Written before the reply, sends and events of a turn that changed it leave: what was answered survives a crash.</summary>
    BeforeReply,

    /// <summary>Written when the entity leaves memory in good order: idle, moved, or with a silo that is stopped. Replies and events leave at once, and may
    /// be rolled back by a crash, with all since the entity was written last. For what is cheap to lose and changes all the time.</summary>
    OnDeactivation,
}
