using Evergrain.Core.State;

namespace Evergrain.Simulator.World;

/// <summary>How a question of one process reaches a store, and the answer it: with delay, and with whatever the weather brings. What was
/// asked is done even when who asked has died meanwhile.</summary>
internal sealed class StoreDoor(Process process, Process disk, ProcessTime time, Weather weather, Random chance)
{
    // Between asking and being told that nobody answers.
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    public bool IsTorn(string what) => weather.Strikes(FaultKind.TornWrite, process.Name, what);

    /// <param name="longer">How much longer than usual it takes until it is done.</param>
    /// <exception cref="StoreUnavailableException">Nobody knows whether it was done.</exception>
    public Task<T> Ask<T>(string what, Func<T> act, TimeSpan longer = default)
    {
        var answer = new TaskCompletionSource<T>();
        if (weather.Strikes(FaultKind.StoreRequestLost, process.Name, what)) return Unanswered<T>(what, Patience);
        if (weather.Strikes(FaultKind.StoreLate, process.Name, what, out var late))
        {
            disk.Post(() => _ = Arrive(act, answer: null, late + longer));
            return Unanswered<T>(what, Patience);
        }
        var isLost = weather.Strikes(FaultKind.StoreAnswerLost, process.Name, what);
        disk.Post(() => _ = Arrive(act, isLost ? null : answer, longer));
        return isLost ? Unanswered<T>(what, Patience) : answer.Task;
    }

    /// <summary>As if nobody had answered.</summary>
    public async Task<T> Unanswered<T>(string what, TimeSpan after = default)
    {
        await Task.Delay(after == default ? Patience : after, time);
        throw new StoreUnavailableException($"nobody answered to '{what}' in time.");
    }

    // The disk's own steps: they come to pass whether or not the process still lives.
    async Task Arrive<T>(Func<T> act, TaskCompletionSource<T>? answer, TimeSpan late)
    {
        await disk.LaterStepAfter(late + Latency());
        var done = act();
        if (answer is null) return;
        await disk.LaterStepAfter(Latency());
        process.Post(() => answer.SetResult(done));
    }

    TimeSpan Latency() => TimeSpan.FromMilliseconds(chance.Next(8) == 0 ? chance.Next(1, 20) : 0);
}
