namespace Evergrain.Contracts;

/// <summary>Every stable error code. A code never changes its meaning; new ones are added.</summary>
public static class ErrorCodes
{
    // The call itself is wrong: it never started.
    public const string BadEntity = "bad-entity";
    public const string UnknownKind = "unknown-kind";
    public const string UnknownOperation = "unknown-operation";
    public const string BadArguments = "bad-arguments";
    public const string NoSuchEntity = "no-such-entity";
    public const string KeyReused = "key-reused";
    public const string KeyExpired = "key-expired";
    public const string BadKey = "bad-key";
    public const string EpochUnknown = "epoch-unknown";
    public const string CallCycle = "call-cycle";
    public const string Forbidden = "forbidden";

    // The call ran, and the module or its rules said no.
    public const string Rejected = "rejected";
    public const string ModuleFault = "module-fault";

    // The system could not serve it.
    public const string Deadline = "deadline";
    public const string Cancelled = "cancelled";
    public const string Overloaded = "overloaded";
    public const string EntityQuarantined = "entity-quarantined";
    public const string SiloLost = "silo-lost";
    public const string SiloNotReady = "silo-not-ready";
    public const string StoreUnavailable = "store-unavailable";
    public const string StoreConflict = "store-conflict";
    public const string StoreCannot = "store-cannot";
    public const string StoreFull = "store-full";
    public const string RecordTooLarge = "record-too-large";
    public const string RecordUnreadable = "record-unreadable";
    public const string ReplyTooLarge = "reply-too-large";
    public const string EffectsTooMany = "effects-too-many";
    public const string Internal = "internal";

    // Operators and entities.
    public const string NotQuarantined = "not-quarantined";
    public const string NothingToRestore = "nothing-to-restore";

    // The doors.
    public const string BadRequest = "bad-request";
    public const string BadJson = "bad-json";
    public const string BadMessage = "bad-message";
    public const string BodyTooLarge = "body-too-large";
    public const string MessageTooLarge = "message-too-large";
    public const string Unauthorized = "unauthorized";
    public const string NotFound = "not-found";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string TooManyConnections = "too-many-connections";
    public const string TooManyInFlight = "too-many-in-flight";
    public const string TooManySubscriptions = "too-many-subscriptions";
    public const string SessionGone = "session-gone";

    // Given by a client to its own caller: the connection went, and no retry brought the reply.
    public const string ConnectionLost = "connection-lost";

    // Packages and rollouts.
    public const string BadPackage = "bad-package";
    public const string PackageTooLarge = "package-too-large";
    public const string UploadIncomplete = "upload-incomplete";
    public const string VersionPublished = "version-published";
    public const string UnknownModule = "unknown-module";
    public const string UnknownVersion = "unknown-version";
    public const string UnknownRollout = "unknown-rollout";
    public const string RolloutRunning = "rollout-running";
    public const string RolloutEnded = "rollout-ended";
    public const string NothingToUndo = "nothing-to-undo";
    public const string NothingToDo = "nothing-to-do";

    /// <summary>States could not go back, or cannot come down, and the operator has not accepted that.</summary>
    public const string OneWay = "one-way";
}
