using System.Collections.Concurrent;
using Evergrain.Contracts;
using Evergrain.Runtime;

namespace Evergrain.Embedded;

/// <summary>The calls that a silo has taken and not yet answered, so that its death answers them. Safe from any thread.</summary>
internal sealed class CallsInFlight(IExecutor executor, Func<CallReply> lost)
{
    readonly ConcurrentDictionary<long, Flight> flights = new();
    long lastNumber;
    volatile bool ended;

    public ValueTask<CallReply> Add(ValueTask<CallReply> call)
    {
        var flight = new Flight(Interlocked.Increment(ref lastNumber));
        flights.TryAdd(flight.Number, flight);
        _ = Answer(flight, call);
        if (ended) Lose(flight);
        return new(flight.Task);
    }

    /// <summary>The silo is dead: in the order in which they came, they are lost.</summary>
    public void End()
    {
        ended = true;
        foreach (var flight in flights.Values.OrderBy(flight => flight.Number)) Lose(flight);
    }

    async Task Answer(Flight flight, ValueTask<CallReply> call)
    {
        var reply = await Outcome(call);
        // What a dead silo answers reaches nobody.
        if (!ended && flights.TryRemove(flight.Number, out _)) flight.TrySetResult(reply);
    }

    static async Task<CallReply> Outcome(ValueTask<CallReply> call)
    {
        try
        {
            return await call;
        }
        catch (Exception thrown)
        {
            return CallReply.Failed(new CallError(ErrorCodes.Internal, Ran.Unknown, $"The silo failed: {thrown.GetType().Name}: {thrown.Message}", "Look at the host's log."));
        }
    }

    // Not here: whoever awaits it would go on inside the kill.
    void Lose(Flight flight)
    {
        if (flights.TryRemove(flight.Number, out _)) executor.Post(() => flight.TrySetResult(lost()));
    }

    sealed class Flight(long number) : TaskCompletionSource<CallReply>
    {
        public long Number => number;
    }
}
