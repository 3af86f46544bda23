using Evergrain.Cli.Ops;
using Evergrain.Cli.Screens;
using Evergrain.Contracts.Ops;
using Spectre.Console;

namespace Evergrain.Cli.Commands;

/// <summary>Follows a rollout that was accepted to its end: live on a terminal, one line for each change where the output is redirected,
/// nothing but the last state as JSON.</summary>
internal static class RolloutProgress
{
    public static async Task<int> Follow(RolloutAccepted accepted, bool noWait, Session session, Patience patience)
    {
        if (noWait)
        {
            session.Print(accepted, OpsJson.Lenient.RolloutAccepted, RolloutScreen.Accepted);
            return ExitCode.Done;
        }
        var watch = new RolloutWatch(session.Ops, session.Time);
        var ended = session.Json ? await watch.UntilEnded(accepted.Id, _ => { }, patience)
            : Terminal.IsLive ? await Live(watch, accepted.Id, session, patience)
            : await Lines(watch, accepted.Id, session.Time, patience);
        Conclude(ended, session);
        return ended.HasSucceeded() ? ExitCode.Done : ExitCode.Failed;
    }

    static Task<RolloutStatus> Live(RolloutWatch watch, string id, Session session, Patience patience) =>
        Terminal.Live(RolloutScreen.Waiting(id), show =>
            watch.UntilEnded(id, status => show(RolloutScreen.Progress(status, session.Time.GetUtcNow())), patience));

    static async Task<RolloutStatus> Lines(RolloutWatch watch, string id, TimeProvider time, Patience patience)
    {
        var start = time.GetTimestamp();
        Terminal.Print(RolloutScreen.Waiting(id));
        var last = "";
        return await watch.UntilEnded(id, status =>
        {
            var words = RolloutScreen.Step(status);
            if (words == last) return;
            last = words;
            Terminal.Print(Say.Line($"{Say.Seconds(time.GetElapsedTime(start)),9}  {words}"));
        }, patience);
    }

    static void Conclude(RolloutStatus ended, Session session)
    {
        if (session.Json)
        {
            session.Print(ended, OpsJson.Lenient.RolloutStatus, RolloutScreen.Conclusion);
            return;
        }
        if (Terminal.IsLive) Terminal.Print(Text.Empty);
        Terminal.Print(RolloutScreen.Conclusion(ended));
        if (!ended.HasSucceeded() || ended.Findings.Count > 0) Terminal.PrintError(FindingsScreen.Of(ended.Findings));
    }
}
