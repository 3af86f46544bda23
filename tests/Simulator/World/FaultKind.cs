namespace Evergrain.Simulator.World;

/// <summary>Everything that can go wrong in a run, or be done at a bad moment.</summary>
internal enum FaultKind
{
    /// <summary>A silo's process ends between two steps; the others find out later.</summary>
    CrashSilo,
    /// <summary>The same for the silo that the version grain lives on.</summary>
    CrashVersionGrain,
    /// <summary>A silo is killed by the engine: its ports close, though its tasks run on.</summary>
    KillSilo,
    /// <summary>Every silo crashes; later they come back.</summary>
    CrashAll,
    /// <summary>A silo does nothing for a while, then goes on as if nothing had been.</summary>
    PauseSilo,
    /// <summary>The others take a silo for dead, though it goes on until it hears of it.</summary>
    SuspectSilo,
    /// <summary>Nothing gets through between a silo and the other silos, and at times nothing to the stores either.</summary>
    Partition,
    DelayMessages,
    DropMessages,
    DuplicateMessages,
    ReorderMessages,
    /// <summary>The store does what it is asked; its answer is lost.</summary>
    StoreAnswerLost,
    /// <summary>The store never hears of it; nobody knows.</summary>
    StoreRequestLost,
    /// <summary>The store says nothing in time, and does it later; or it does it at once, and is slow to say so.</summary>
    StoreLate,
    /// <summary>The store refuses everything, from everyone, at once, and for longer than other faults of it last.</summary>
    StoreOut,
    /// <summary>The wake-up index is written, the record is not.</summary>
    TornWrite,
    /// <summary>A silo's clock is ahead or behind.</summary>
    ClockSkew,
    Join,
    Leave,
    /// <summary>A module cannot be loaded on some silos.</summary>
    PrepareFails,
    /// <summary>A handler throws.</summary>
    HandlerThrows,
    /// <summary>An entity cannot be brought to another schema.</summary>
    MigrationThrows,
    /// <summary>An entity comes to a state for which a step has no case: it can go to another schema no more.</summary>
    StateSticks,
    /// <summary>Something holds on to a version's code after it was unloaded.</summary>
    CodeHeld,
    /// <summary>A backup is taken; when all is over the stores are lost, and the backup begins a new incarnation of the cluster.</summary>
    Restore,
    OperatorAborts,
    OperatorUndoes,
    OperatorStarts,
}
