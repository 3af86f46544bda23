using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Gateway.Requests;

namespace Evergrain.Gateway.Ops;

/// <summary>Reads the request bodies of rollouts; each throws a <see cref="FindingsException"/> with everything that is wrong.</summary>
internal static class RolloutBodies
{
    const int MaxReasonLength = 1000;
    const int MaxModules = 100;

    public static RolloutRequest Rollout(JsonElement body)
    {
        var findings = new List<Finding>();
        var members = new BodyMembers(body, findings);
        var request = new RolloutRequest
        {
            Modules = Modules(members, findings),
            Reason = Reason(members),
            DeadlineSeconds = Deadline(members),
            PrepareRetries = members.Number("prepareRetries", 0, 10, otherwise: 3),
            DryRun = members.Flag("dryRun"),
            OneWay = members.Flag("oneWay"),
            AcceptDifferences = members.Flag("acceptDifferences"),
        };
        members.NothingElse();
        return Checked(request, findings);
    }

    public static UndoRequest Undo(JsonElement body)
    {
        var findings = new List<Finding>();
        var members = new BodyMembers(body, findings);
        var request = new UndoRequest { Reason = Reason(members), DeadlineSeconds = Deadline(members), OneWay = members.Flag("oneWay") };
        members.NothingElse();
        return Checked(request, findings);
    }

    public static AbortRequest Abort(JsonElement body)
    {
        var findings = new List<Finding>();
        var members = new BodyMembers(body, findings);
        var request = new AbortRequest { Reason = Reason(members) };
        members.NothingElse();
        return Checked(request, findings);
    }

    static List<ModuleId> Modules(BodyMembers members, List<Finding> findings)
    {
        var modules = new List<ModuleId>();
        if (members.List("modules") is not { } list) return modules;
        if (list.GetArrayLength() is 0 or > MaxModules)
        {
            members.Note("modules", $"has {list.GetArrayLength()} entries.", $"Name 1 to {MaxModules} modules.");
            return modules;
        }
        var index = 0;
        foreach (var entry in list.EnumerateArray())
        {
            var where = $"modules[{index++}]";
            var module = new BodyMembers(entry, findings, where + ".");
            var (name, version) = (module.Text("name", required: true), module.Text("version", required: true));
            module.NothingElse();
            if (name is null || version is null) continue;
            if (name.Length == 0 || version.Length == 0) members.Note(where, "has an empty name or version.", "Name both, as in battle and 1.1.0.");
            else if (modules.Exists(m => m.Name == name)) members.Note(where, $"names '{name}' a second time.", "Name each module once; one release serves one version of it.");
            modules.Add(new ModuleId(name, version));
        }
        return modules;
    }

    static string? Reason(BodyMembers members)
    {
        var reason = members.Text("reason");
        if (reason?.Length > MaxReasonLength) members.Note("reason", $"has {reason.Length} characters.", $"Send at most {MaxReasonLength}.");
        return reason;
    }

    static int Deadline(BodyMembers members) => members.Number("deadlineSeconds", 1, 3600, otherwise: 30);

    static T Checked<T>(T request, List<Finding> findings) => findings.Count == 0 ? request
        : throw new FindingsException(ErrorCodes.BadRequest,
            findings is [var only] ? only.Message : $"{findings.Count} things are wrong with this request.",
            findings is [var one] ? one.Next : "Mend every finding and send it again.", findings);
}
