using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli;

/// <summary>What the process answers to its shell. The numbers never change their meaning; README.md and <c>evergrain --help</c> show this table.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;
    public const int Refused = 3;
    public const int NoServer = 4;
    public const int TimedOut = 5;
    public const int NotFound = 6;
    public const int NotNow = 7;
    public const int Fault = 70;
    public const int Interrupted = 130;

    /// <summary>Every exit code with its meaning, in the order in which help shows them.</summary>
    public static readonly IReadOnlyList<(int Code, string Meaning)> All =
    [
        (Done, "done"),
        (Failed, "the thing asked for failed: rollout aborted, breach found"),
        (WrongUsage, "wrong usage; nothing was sent"),
        (Refused, "refused as bad input; nothing was applied"),
        (NoServer, "no server there, connection lost, or not an Evergrain server"),
        (TimedOut, "timed out"),
        (NotFound, "no such rollout, entity, module or version"),
        (NotNow, "the server cannot do it now; the same command may work later"),
        (Fault, "a fault of evergrain itself"),
        (Interrupted, "interrupted"),
    ];

    static readonly Dictionary<string, int> ByCode = new()
    {
        [LocalProblems.WrongUsageCode] = WrongUsage,
        [LocalProblems.NoServerCode] = NoServer,
        [LocalProblems.ConnectionLostCode] = NoServer,
        [LocalProblems.BadAnswerCode] = NoServer,
        [LocalProblems.TimedOutCode] = TimedOut,
        [LocalProblems.FaultCode] = Fault,
        [LocalProblems.CannotWriteCode] = Failed,
        [LocalProblems.InterruptedCode] = Interrupted,

        [ErrorCodes.NotFound] = NotFound,
        [ErrorCodes.NoSuchEntity] = NotFound,
        [ErrorCodes.UnknownKind] = NotFound,
        [ErrorCodes.UnknownModule] = NotFound,
        [ErrorCodes.UnknownVersion] = NotFound,
        [ErrorCodes.UnknownRollout] = NotFound,
        [ErrorCodes.UnknownOperation] = NotFound,

        [ErrorCodes.Deadline] = TimedOut,

        [ErrorCodes.RolloutRunning] = NotNow,
        [ErrorCodes.Cancelled] = NotNow,
        [ErrorCodes.Overloaded] = NotNow,
        [ErrorCodes.EntityQuarantined] = NotNow,
        [ErrorCodes.SiloLost] = NotNow,
        [ErrorCodes.SiloNotReady] = NotNow,
        [ErrorCodes.StoreUnavailable] = NotNow,
        [ErrorCodes.StoreConflict] = NotNow,
        [ErrorCodes.TooManyConnections] = NotNow,
        [ErrorCodes.TooManyInFlight] = NotNow,
        [ErrorCodes.UploadIncomplete] = NotNow,
        [ErrorCodes.Internal] = NotNow,
    };

    /// <summary>The exit code for an error code. One that this table does not name goes by its HTTP status, so that an older CLI can serve a newer server.</summary>
    public static int Of(Problem problem) => ByCode.TryGetValue(problem.Code, out var code) ? code : problem.Status switch
    {
        404 => NotFound,
        408 or 504 => TimedOut,
        429 or >= 500 => NotNow,
        _ => Refused,
    };
}
