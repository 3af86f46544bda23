using Evergrain.Bots;

namespace Evergrain.EndToEnd.Tests.Running;

/// <summary>Bots that play on a host until they are told to end.</summary>
internal sealed class Play : IProgress<BotProgress>, IDisposable
{
    static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(60);
    readonly CancellationTokenSource stop = new();
    readonly Task<BotReport> playing;
    readonly Lock gate = new();
    BotProgress? latest;
    TaskCompletionSource next = NewWait();

    public Play(RunningHost host, BotOptions options) =>
        playing = BotRun.Play(options with { Server = host.Url }, TimeProvider.System, this, stop.Token);

    /// <summary>Waits until a cast from now on was answered by this version of battle.</summary>
    public async Task Sees(string version)
    {
        using var patience = new CancellationTokenSource(SeenWithin);
        var before = Casts(version, out var told);
        while (Casts(version, out var following) <= before)
        {
            await Task.WhenAny(playing, told).WaitAsync(patience.Token);
            if (playing.IsCompleted) throw new InvalidOperationException($"The play ended before it saw {version}.", playing.Exception);
            told = following;
        }
    }

    /// <summary>The players end their matches; then what they saw is judged.</summary>
    public async Task<BotReport> End()
    {
        await stop.CancelAsync();
        return await playing;
    }

    public void Report(BotProgress value)
    {
        lock (gate)
        {
            latest = value;
            next.SetResult();
            next = NewWait();
        }
    }

    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
    }

    long Casts(string version, out Task told)
    {
        lock (gate)
        {
            told = next.Task;
            return latest?.CastsByVersion.GetValueOrDefault($"battle@{version}") ?? 0;
        }
    }

    static TaskCompletionSource NewWait() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
