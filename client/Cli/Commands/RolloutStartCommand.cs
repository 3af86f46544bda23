using System.CommandLine;
using Evergrain.Cli.Screens;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain rollout start NAME@VERSION…</c>: starts it and waits until it is permanent or aborted.</summary>
internal static class RolloutStartCommand
{
    public static Command Create(CommonOptions common)
    {
        var modules = new Argument<ModuleId[]>("NAME@VERSION")
        {
            Description = "Published module versions that switch together: battle@1.1.0",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = Arguments.Modules,
        };
        var reason = RolloutOptions.Reason();
        var deadline = RolloutOptions.Deadline();
        var retries = new Option<int>("--prepare-retries")
        {
            Description = "How often a silo tries again to prepare. 0 to 10.",
            HelpName = "N",
            DefaultValueFactory = _ => 3,
            CustomParser = result => Arguments.Whole(result, "--prepare-retries", 0, 10),
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Prepare on every silo and report; commit nothing, leave nothing behind." };
        var oneWay = RolloutOptions.OneWay("Accept that states cannot go back: an undo would leave what the new version wrote quarantined.");
        var acceptDifferences = new Option<bool>("--accept-differences") { Description = "Accept what the rehearsal finds of states that an undo would not bring back, and of scheduled calls that would have to wait." };
        var noWait = RolloutOptions.NoWait();
        var command = new Command("start", "Start a rollout and wait until it is permanent or aborted.") { modules, reason, deadline, retries, dryRun, oneWay, acceptDifferences, noWait };
        common.Handle(command, async (parsed, session) =>
        {
            var request = new RolloutRequest
            {
                Modules = parsed.GetRequiredValue(modules),
                Reason = parsed.GetValue(reason),
                DeadlineSeconds = parsed.GetValue(deadline),
                PrepareRetries = parsed.GetValue(retries),
                DryRun = parsed.GetValue(dryRun),
                OneWay = parsed.GetValue(oneWay),
                AcceptDifferences = parsed.GetValue(acceptDifferences),
            };
            using var patience = session.Patience(RolloutOptions.Wait(request.DeadlineSeconds));
            var accepted = await session.Ops.StartRollout(request, patience);
            return await RolloutProgress.Follow(accepted, parsed.GetValue(noWait), session, patience);
        });
        return command;
    }
}
