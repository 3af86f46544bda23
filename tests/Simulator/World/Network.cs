using Evergrain.Contracts;
using Evergrain.Core.Rollouts;
using Evergrain.Embedded;

namespace Evergrain.Simulator.World;

/// <summary>The messages between processes: late, lost, doubled, out of order, as the weather says. A call that gets no answer ends with an
/// error that says so; only messages that may come twice are doubled.</summary>
internal sealed class Network(Process outside, Clock clock, Weather weather, Random chance, Func<EmbeddedSilo, Process> processes, Action<string, string, string, string>? sent) : ISiloNetwork
{
    // Between a process's end and those who wait for it finding out.
    static readonly TimeSpan Detection = TimeSpan.FromMilliseconds(400);
    static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(3);

    readonly DirectNetwork direct = new();

    public ValueTask<CallReply> Call(EmbeddedSilo? from, EmbeddedSilo to, CallRequest request)
    {
        var (caller, target) = (from is null ? outside : processes(from), processes(to));
        var flight = new Flight(caller, target, request);
        if (ReferenceEquals(caller, target)) target.Post(() => _ = Arrive(from, to, flight, doubled: false));
        else
        {
            var mayDouble = request.Key is not null;
            Send(caller, target, request.Operation, mayDouble, doubled => { _ = Arrive(from, to, flight, doubled); });
            outside.Post(() => _ = GiveUp(flight));
        }
        return new(flight.Answer.Task);
    }

    public Task Report(EmbeddedSilo from, EmbeddedSilo to, SiloReport report)
    {
        Send(processes(from), processes(to), "report", mayDouble: true, _ => to.ReceiveReport(report));
        return Task.CompletedTask;
    }

    public void Hint(EmbeddedSilo from, EmbeddedSilo to) => Send(processes(from), processes(to), "hint", mayDouble: true, _ => to.ReceiveHint());

    public ValueTask Release(EmbeddedSilo from, EmbeddedSilo to, EntityId id, CancellationToken cancellation)
    {
        var (caller, target) = (processes(from), processes(to));
        var released = new TaskCompletionSource();
        outside.Post(() => _ = Ask());
        return new(released.Task);

        async Task Let()
        {
            await to.ReceiveRelease(id, cancellation);
            Send(target, caller, "released", mayDouble: true, _ => released.TrySetResult());
        }

        // Asked again until it answers, its asker has had enough, or it is known to be dead: then it holds nothing.
        async Task Ask()
        {
            while (!released.Task.IsCompleted && !target.IsDead && !cancellation.IsCancellationRequested)
            {
                Send(caller, target, "release", mayDouble: true, _ => { var letting = Let(); });
                await outside.LaterStepAfter(Detection);
            }
            caller.Post(() => released.TrySetResult());
        }
    }

    public void Members(EmbeddedSilo to, MembershipView view) => Send(outside, processes(to), "members", mayDouble: true, _ => to.ReceiveMembers(view), mayBeLost: true);

    // Runs in the target's process.
    async Task Arrive(EmbeddedSilo? from, EmbeddedSilo to, Flight flight, bool doubled)
    {
        var reply = await direct.Call(from, to, flight.Request);
        if (doubled) return;
        if (ReferenceEquals(flight.Caller, flight.Target)) flight.Answer.TrySetResult(reply);
        else Send(flight.Target, flight.Caller, "reply", mayDouble: true, _ => flight.Answer.TrySetResult(reply));
    }

    // Runs in the world outside, which never dies: it stands for the caller's own transport.
    async Task GiveUp(Flight flight)
    {
        for (var waited = TimeSpan.Zero; !flight.Answer.Task.IsCompleted; waited += Detection)
        {
            await outside.LaterStepAfter(Detection);
            var why = flight.Target.IsDead ? ErrorCodes.SiloLost : waited >= AnswerTimeout && !flight.Target.IsPaused ? ErrorCodes.Deadline : null;
            if (why is null) continue;
            var lost = CallReply.Failed(new CallError(why, Ran.Unknown, $"No answer came from {flight.Target.Name}.", "Try again with the same idempotency key."));
            flight.Caller.Post(() => flight.Answer.TrySetResult(lost));
            return;
        }
    }

    /// <param name="mayBeLost">Between silos every message may be; of what the world outside says only what it says again.</param>
    void Send(Process from, Process to, string what, bool mayDouble, Action<bool> arrive, bool mayBeLost = false)
    {
        if ((mayBeLost || !ReferenceEquals(from, outside) && !ReferenceEquals(to, outside)) && IsLost(from, to, what))
        {
            sent?.Invoke(from.Name, to.Name, what, "lost");
            return;
        }
        var copies = mayDouble && weather.Strikes(FaultKind.DuplicateMessages, to.Name, what) ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            var doubled = copy > 0;
            var delay = Delay(to, what);
            sent?.Invoke(from.Name, to.Name, what, doubled ? $"doubled, {delay.TotalMilliseconds} ms" : $"{delay.TotalMilliseconds} ms");
            if (delay == TimeSpan.Zero) to.Post(() => arrive(doubled));
            else new SimulatedTimer(clock, to, _ => arrive(doubled), null).Change(delay, TimeSpan.Zero);
        }
    }

    bool IsLost(Process from, Process to, string what) =>
        weather.Strikes(FaultKind.Partition, from.Name, what) || weather.Strikes(FaultKind.Partition, to.Name, what) || weather.Strikes(FaultKind.DropMessages, to.Name, what);

    TimeSpan Delay(Process to, string what)
    {
        if (weather.Strikes(FaultKind.DelayMessages, to.Name, what, out var late)) return late;
        if (weather.Strikes(FaultKind.ReorderMessages, to.Name, what)) return TimeSpan.FromMilliseconds(chance.Next(1, 200));
        return TimeSpan.FromMilliseconds(chance.Next(8) == 0 ? chance.Next(1, 10) : 0);
    }

    sealed class Flight(Process caller, Process target, CallRequest request)
    {
        public Process Caller => caller;
        public Process Target => target;
        public CallRequest Request => request;
        public TaskCompletionSource<CallReply> Answer { get; } = new();
    }
}
