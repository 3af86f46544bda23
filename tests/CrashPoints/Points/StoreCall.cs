namespace Evergrain.CrashPoints.Points;

/// <summary>What is asked of a store, as finely as it matters when a process dies of it.</summary>
internal enum StoreCall
{
    /// <summary>An entity is read.</summary>
    EntityRead,

    /// <summary>A purse is written before its reply, and has nothing to do by itself.</summary>
    EntityWrite,

    /// <summary>An entity is written with a send or a scheduled call, and so enters the wake-up index or stays in it.</summary>
    WakingWrite,

    /// <summary>An entity is written that has nothing left to do, and so leaves the wake-up index.</summary>
    QuietingWrite,

    /// <summary>An entity is written for the first time after a migration of its state.</summary>
    MigratedWrite,

    /// <summary>A tally or a sketch is written because its interval is over, or it is to be saved.</summary>
    IntervalWrite,

    /// <summary>A destroyed entity's record is removed, or written once more because it still has something to send.</summary>
    EntityDelete,

    /// <summary>Entities are listed.</summary>
    EntityList,

    /// <summary>The wake-up index is read.</summary>
    WakeUps,

    ClusterRead,

    /// <summary>A silo enrols, or is taken off.</summary>
    EnrolWrite,

    /// <summary>A rollout is asked for.</summary>
    RequestedWrite,
    PreparingWrite,
    PreparedWrite,

    /// <summary>A release is committed.</summary>
    CommitWrite,
    PermanentWrite,
    AbortingWrite,
    AbortedWrite,
    History,
    PackagePublish,
    PackageRead,
    PackageFind,
    PackageList,
}
