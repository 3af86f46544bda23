using System.Collections.Concurrent;
using Evergrain.Contracts;
using Evergrain.Runtime;

namespace Evergrain.Embedded;

/// <summary>The calls that a silo has taken and not yet answered, so that its death answers them. Safe from any thread.</summary>
internal sealed class CallsInFlight(IExecutor executor, Func<CallReply> lost)
{
    readonly ConcurrentDictionary<Flight, bool> flights = new();
    volatile bool ended;

    public ValueTask<CallReply> Add(ValueTask<CallReply> call)
    {
        var flight = new Flight();
        flights.TryAdd(flight, true);
        _ = Answer(flight, call);
        if (ended) Lose(flight);
        return new(flight.Task);
    }

    public void End()
    {
        ended = true;
        foreach (var (flight, _) in flights) Lose(flight);
    }

    async Task Answer(Flight flight, ValueTask<CallReply> call)
    {
        var reply = await call;
        // What a dead silo answers reaches nobody.
        if (!ended && flights.TryRemove(flight, out _)) flight.TrySetResult(reply);
    }

    // Not here: whoever awaits it would go on inside the kill.
    void Lose(Flight flight)
    {
        if (flights.TryRemove(flight, out _)) executor.Post(() => flight.TrySetResult(lost()));
    }

    sealed class Flight : TaskCompletionSource<CallReply>;
}
