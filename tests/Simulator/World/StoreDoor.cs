using Evergrain.Core.State;

namespace Evergrain.Simulator.World;

/// <summary>How a question of one process reaches a store, and the answer it: with delay, and with whatever the weather brings. What was
/// asked is done even when who asked has died meanwhile.</summary>
internal sealed class StoreDoor(Process process, Process disk, Weather weather, Random chance)
{
    // Between asking and being told that nobody answers.
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    public bool IsTorn(string what) => weather.Strikes(FaultKind.TornWrite, process.Name, what);

    /// <param name="longer">How much longer than usual it takes until it is done.</param>
    /// <exception cref="StoreUnavailableException">Nobody knows whether it was done.</exception>
    public Task<T> Ask<T>(string what, Func<T> act, TimeSpan longer = default)
    {
        if (weather.Strikes(FaultKind.StoreOut, process.Name, what)) return Fails<T>($"the store is out: '{what}' was refused.", Latency());
        if (weather.Strikes(FaultKind.StoreRequestLost, process.Name, what)) return Unanswered<T>(what);
        var isLate = weather.Strikes(FaultKind.StoreLate, process.Name, what, out var late);
        // Slow, and yet in time: what was asked is done at once, and the answer takes long.
        if (isLate && late < Patience) return Done(act, longer, late);
        if (isLate || weather.Strikes(FaultKind.StoreAnswerLost, process.Name, what))
        {
            disk.Post(() => act(), late + longer + Latency());
            return Unanswered<T>(what);
        }
        return Done(act, longer, slower: TimeSpan.Zero);
    }

    /// <summary>As if nobody had answered.</summary>
    public Task<T> Unanswered<T>(string what) => Fails<T>($"nobody answered to '{what}' in time.", Patience);

    Task<T> Fails<T>(string why, TimeSpan after)
    {
        var failure = new TaskCompletionSource<T>();
        process.Post(() => failure.SetException(new StoreUnavailableException(why)), after);
        return failure.Task;
    }

    Task<T> Done<T>(Func<T> act, TimeSpan longer, TimeSpan slower)
    {
        var answer = new TaskCompletionSource<T>();
        disk.Post(() =>
        {
            var done = act();
            process.Post(() => answer.SetResult(done), slower + Latency());
        }, longer + Latency());
        return answer.Task;
    }

    TimeSpan Latency() => TimeSpan.FromMilliseconds(chance.Next(8) == 0 ? chance.Next(1, 20) : 0);
}
