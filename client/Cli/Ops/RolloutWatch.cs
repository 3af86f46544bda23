using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Ops;

/// <summary>Looks at a rollout again and again until it has ended. A connection that is lost on the way is tried again for some seconds,
/// since a server may be replaced while its cluster goes on.</summary>
internal sealed class RolloutWatch(OpsClient ops, TimeProvider time)
{
    const int MaxLostInARow = 20;
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <param name="seen">Called with every state that was read, the last one included.</param>
    /// <exception cref="OpsException">Time is up, interrupted, or the server stays away; the rollout itself goes on.</exception>
    public async Task<RolloutStatus> UntilEnded(string id, Action<RolloutStatus> seen, Patience patience)
    {
        var phase = "requested";
        var lost = 0;
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            try
            {
                var status = await ops.Rollout(id, patience);
                lost = 0;
                phase = status.Phase.Word();
                seen(status);
                if (status.HasEnded()) return status;
                await Task.Delay(pause, time, patience.Token);
            }
            catch (OpsException failure) when (failure.ExitCode == ExitCode.NoServer && ++lost <= MaxLostInARow)
            {
                await Pause(id, phase, patience);
            }
            catch (OpsException failure) when (failure.Problem.Code is LocalProblems.TimedOutCode or LocalProblems.InterruptedCode)
            {
                throw GoesOn(id, phase, patience);
            }
            catch (OperationCanceledException)
            {
                throw GoesOn(id, phase, patience);
            }
        }
    }

    async Task Pause(string id, string phase, Patience patience)
    {
        try
        {
            await Task.Delay(LongestPause, time, patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw GoesOn(id, phase, patience);
        }
    }

    static TimeSpan Longer(TimeSpan pause) => pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause;

    static OpsException GoesOn(string id, string phase, Patience patience) => new(patience.WasInterrupted
        ? LocalProblems.RolloutInterrupted(id, phase)
        : LocalProblems.RolloutGoesOn(id, phase, patience.Timeout));
}
