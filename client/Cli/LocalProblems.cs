using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli;

/// <summary>What goes wrong on this side of the door, in the same form as what the server says. Their status is 0: no HTTP answer stands behind them.</summary>
internal static class LocalProblems
{
    public const string WrongUsageCode = "wrong-usage";
    public const string NoServerCode = "no-server";
    public const string ConnectionLostCode = "connection-lost";
    public const string BadAnswerCode = "bad-answer";
    public const string TimedOutCode = "timed-out";
    public const string InterruptedCode = "interrupted";
    public const string FaultCode = "fault";
    public const string CannotWriteCode = "cannot-write";
    public const string UsageFindingCode = "usage/argument";

    /// <param name="command">The command as written, such as <c>evergrain rollout start</c>.</param>
    /// <param name="errors">Everything that is wrong with the line.</param>
    public static Problem WrongUsage(string command, IReadOnlyList<string> errors)
    {
        var next = $"see: {command} --help";
        var count = errors.Count == 1 ? "1 thing is" : $"{errors.Count} things are";
        return Local(WrongUsageCode, "Wrong usage", $"{count} wrong with this command; nothing was sent.", next, Ran.No) with
        {
            Findings = [.. errors.Select(error => new Finding(UsageFindingCode, command, error, next))],
        };
    }

    public static Problem NoServer(Uri server, Exception cause) => Local(NoServerCode, "No server",
        $"No server answers at {server} ({Reason(cause)}).",
        "start one from a clone: dotnet run -c Release --project silo/Host; or name another with --server URL or EVERGRAIN_SERVER", Ran.No);

    public static Problem ConnectionLost(Uri server, Exception cause, Ran ran) => Local(ConnectionLostCode, "Connection lost",
        $"The connection to {server} broke before the answer was here ({Reason(cause)}).",
        ran == Ran.No ? "try again" : $"look whether it was done before you try again: {ProgramName.AsStarted} status", ran);

    public static Problem BadAnswer(Uri server, string what, Ran ran) => Local(BadAnswerCode, "Not an Evergrain answer",
        $"{server} answered, but not as an Evergrain ops door: {what}.",
        "check the URL, and that no proxy stands between; --server URL or EVERGRAIN_SERVER names another", ran);

    public static Problem TimedOut(Uri server, TimeSpan timeout, Ran ran) => Local(TimedOutCode, "Timed out",
        $"{server} gave no answer within {timeout.TotalSeconds:0.###} s.",
        ran == Ran.No ? "try again, or wait longer with --timeout SECONDS" : $"look whether it was done before you try again: {ProgramName.AsStarted} status; --timeout SECONDS waits longer", ran);

    public static Problem RolloutGoesOn(string id, string phase, TimeSpan timeout) => Local(TimedOutCode, "Timed out",
        $"Rollout {id} is still {phase} after {timeout.TotalSeconds:0.###} s; it goes on without this command.",
        $"look at it: {ProgramName.AsStarted} rollout status {id}; before its commit it can be given up: {ProgramName.AsStarted} rollout abort {id}", Ran.Yes);

    public static Problem RolloutInterrupted(string id, string phase) => Local(InterruptedCode, "Interrupted",
        $"Stopped watching rollout {id} while it was {phase}; it goes on without this command.",
        $"look at it: {ProgramName.AsStarted} rollout status {id}; before its commit it can be given up: {ProgramName.AsStarted} rollout abort {id}", Ran.Yes);

    public static Problem Interrupted(Ran ran) => Local(InterruptedCode, "Interrupted", "Interrupted before the answer was here.",
        ran == Ran.No ? "run it again" : $"look whether it was done before you run it again: {ProgramName.AsStarted} status", ran);

    /// <summary>The first of the bots was not let in, so none of them played.</summary>
    public static Problem NoPlay(CallError refused) => Local(refused.Code, "No player is let in", refused.Message, refused.Next, refused.Ran);

    public static Problem CannotWrite(string path, Exception cause) => Local(CannotWriteCode, "Cannot write",
        $"{path} cannot be written ({Reason(cause)}).", "make the folder writable, or name another with --out FOLDER", Ran.No);

    /// <param name="findings">All of them; the first are shown.</param>
    public static Problem BadImport(string file, IReadOnlyList<Finding> findings) => Local(ErrorCodes.BadRequest, "The import was refused",
        $"{findings.Count} things are wrong with {file}; nothing was applied{(findings.Count > StateReport.MaxExamples ? $". The first {StateReport.MaxExamples} of them" : "")}.", "mend the file and import it again", Ran.No) with
    {
        Status = 400, Findings = [.. findings.Take(StateReport.MaxExamples)],
    };

    /// <summary>Nothing that this program foresaw; the text is for whoever mends it.</summary>
    public static Problem Fault(Exception failure) => Local(FaultCode, "Fault",
        $"evergrain itself failed: {failure}", $"report it with this text; look whether it was done before you try again: {ProgramName.AsStarted} status", Ran.Unknown);

    static Problem Local(string code, string title, string detail, string next, Ran ran) => new()
    {
        Title = title,
        Status = 0,
        Detail = detail,
        Code = code,
        Ran = ran,
        Next = next,
    };

    static string Reason(Exception cause) => cause.GetBaseException().Message.TrimEnd('.');
}
