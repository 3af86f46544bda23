namespace Evergrain.ModuleSdk;

/// <summary>When an entity's state reaches the store.</summary>
public enum Durability
{
    /// <summary>Written at most one interval (default 1 s) after a turn; replies and events leave at once and may be rolled back by a crash.
    /// A send to another entity forces the write first.</summary>
    Interval,

    /// <summary>Written before the turn's reply, sends and events leave: what was answered survives a crash.</summary>
    BeforeReply,
}
