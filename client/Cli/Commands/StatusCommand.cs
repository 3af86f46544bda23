using System.CommandLine;
using Evergrain.Cli.Ops;
using Evergrain.Cli.Screens;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain status</c>: the cluster at a glance, once or again every second.</summary>
internal static class StatusCommand
{
    static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(1);

    public static Command Create(CommonOptions common)
    {
        var watch = new Option<bool>("--watch", "-w") { Description = "Show it again every second until interrupted; needs a terminal." };
        watch.Validators.Add(result =>
        {
            if (!result.GetValueOrDefault<bool>()) return;
            if (!Terminal.IsLive) result.AddError("--watch needs a terminal; the output is redirected.");
            if (result.GetValue(common.Output) == OutputFormat.Json) result.AddError("--watch goes with --output text only: json is one document.");
        });
        var command = new Command("status", "Show the cluster: epoch, silos, modules with state and leases, rollout.") { watch };
        common.Handle(command, async (parsed, session) =>
        {
            if (parsed.GetValue(watch)) return await Watch(session);
            session.Print(await Read(session), OpsJson.Lenient.ClusterStatus, status => StatusScreen.Of(status, session.Time.GetUtcNow()));
            return ExitCode.Done;
        });
        return command;
    }

    static async Task<int> Watch(Session session)
    {
        var first = await Read(session);
        return await Terminal.Live(StatusScreen.Of(first, session.Time.GetUtcNow()), async show =>
        {
            using var pause = new PeriodicTimer(RefreshEvery, session.Time);
            try
            {
                while (await pause.WaitForNextTickAsync(session.Interruption))
                    show(StatusScreen.Of(await Read(session), session.Time.GetUtcNow()));
            }
            catch (OperationCanceledException)
            {
                return ExitCode.Interrupted;
            }
            return ExitCode.Done;
        });
    }

    static async Task<ClusterStatus> Read(Session session)
    {
        using var patience = session.Patience();
        return await session.Ops.Status(patience);
    }
}
