using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Core.Rollouts;

/// <summary>What is wrong with a request, all of it at once.</summary>
internal static class RequestFindings
{
    public const int MostModules = 100;
    public const int LongestReason = 1000;

    public static IEnumerable<Finding> Shape(RolloutRequest request)
    {
        if (request.Modules.Count is < 1 or > MostModules)
            yield return Bad("modules", $"{request.Modules.Count} modules were named.", $"Name 1 to {MostModules} modules.");
        foreach (var twice in request.Modules.GroupBy(module => module.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return Bad("modules", $"{twice.Key} is named {twice.Count()} times.", "Name one version of each module.");
        if (request.PrepareRetries is < 0 or > 10) yield return Bad("prepareRetries", $"prepareRetries is {request.PrepareRetries}.", "Give 0 to 10.");
        foreach (var finding in Common(request.DeadlineSeconds, request.Reason)) yield return finding;
    }

    public static IEnumerable<Finding> Common(int deadlineSeconds, string? reason)
    {
        if (deadlineSeconds is < 1 or > 3600) yield return Bad("deadlineSeconds", $"deadlineSeconds is {deadlineSeconds}.", "Give 1 to 3600.");
        if (reason?.Length > LongestReason) yield return Bad("reason", $"The reason has {reason.Length} characters.", $"Keep it within {LongestReason}.");
    }

    public static Finding? Running(ClusterRecord record, bool undo) =>
        record.Rollout is not { Ended: false } running || undo && running.Phase is RolloutPhase.Draining ? null
        : new(ErrorCodes.RolloutRunning, running.Id, $"Rollout {running.Id} is {running.Phase.ToString().ToLowerInvariant()}.",
            "Wait for its end, or abort it before its commit; undo what is committed.");

    public static Finding UnknownModule(ModuleId id) => new(ErrorCodes.UnknownModule, "modules", $"No package named {id.Name} was published.",
        $"Publish {id} first, or correct the name.") { Module = id.ToString() };

    public static Finding UnknownVersion(ModuleId id, IEnumerable<string> known) => new(ErrorCodes.UnknownVersion, "modules",
        $"{id} was not published; these versions were: {string.Join(", ", known.Order(StringComparer.Ordinal))}.", $"Publish {id} first, or name one of these.") { Module = id.ToString() };

    public static Finding NothingToDo() => new(ErrorCodes.NothingToDo, "modules", "This is exactly what serves already.", "Name a version that does not serve.");

    public static Finding NothingToUndo(long epoch) => new(ErrorCodes.NothingToUndo, $"epoch {epoch}", "No older release is left to go back to.",
        "Roll out the version that you want by its name.");

    /// <summary>Nothing is applied when anything is wrong; the first finding gives the answer its code.</summary>
    public static void ThrowIfAny(IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0) return;
        var first = findings[0];
        throw new FindingsException(first.Code, first.Message, first.Next, findings);
    }

    static Finding Bad(string where, string message, string next) => new(ErrorCodes.BadRequest, where, message, next);
}
