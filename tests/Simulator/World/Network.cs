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
        var answer = new Question<CallReply>(clock, outside);
        if (ReferenceEquals(caller, target)) target.Post(() => _ = Local());
        else
        {
            Send(caller, target, request.Operation, mayDouble: request.Key is not null, doubled => _ = Arrive(doubled));
            answer.Watch(Look);
        }
        return new(answer.Answer);

        async Task Local() => answer.End(await direct.Call(from, to, request));

        async Task Arrive(bool doubled)
        {
            var reply = await direct.Call(from, to, request);
            if (!doubled) Send(target, caller, "reply", mayDouble: true, _ => answer.End(reply));
        }

        void Look()
        {
            if ((target.IsDead ? ErrorCodes.SiloLost : answer.Waited >= AnswerTimeout && !target.IsPaused ? ErrorCodes.Deadline : null) is not { } why) return;
            var lost = CallReply.Failed(new CallError(why, Ran.Unknown, $"No answer came from {target.Name}.", "Try again with the same idempotency key."));
            caller.Post(() => answer.End(lost));
        }
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
        var released = new Question<bool>(clock, outside);
        released.Watch(Ask);
        Ask();
        return new(released.Answer);

        async Task Let()
        {
            await to.ReceiveRelease(id, cancellation);
            Send(target, caller, "released", mayDouble: true, _ => released.End(true));
        }

        // Asked again until it answers, its asker has had enough or is dead itself, or it is known to be dead: then it holds nothing.
        void Ask()
        {
            if (caller.IsDead) released.End(true);
            else if (target.IsDead || cancellation.IsCancellationRequested) caller.Post(() => released.End(true));
            else Send(caller, target, "release", mayDouble: true, _ => { var letting = Let(); });
        }
    }

    public void Members(EmbeddedSilo to, MembershipView view) => Send(outside, processes(to), "members", mayDouble: true, _ => to.ReceiveMembers(view), mayBeLost: true);

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
            to.Post(() => arrive(doubled), delay);
        }
    }

    bool IsLost(Process from, Process to, string what) =>
        weather.Strikes(FaultKind.Partition, to.Name, what) || weather.Strikes(FaultKind.Partition, from.Name, what) || weather.Strikes(FaultKind.DropMessages, to.Name, what);

    TimeSpan Delay(Process to, string what)
    {
        if (weather.Strikes(FaultKind.DelayMessages, to.Name, what, out var late)) return late;
        if (weather.Strikes(FaultKind.ReorderMessages, to.Name, what)) return TimeSpan.FromMilliseconds(chance.Next(1, 200));
        return TimeSpan.FromMilliseconds(chance.Next(8) == 0 ? chance.Next(1, 10) : 0);
    }

    /// <summary>Waits for an answer, and looks now and then: the asker's own transport does, in the world outside, which never dies.</summary>
    sealed class Question<T>(Clock clock, Process outside)
    {
        readonly TaskCompletionSource<T> answer = new();
        SimulatedTimer? watch;

        public Task<T> Answer => answer.Task;
        public TimeSpan Waited { get; private set; }

        public void Watch(Action look)
        {
            watch = new SimulatedTimer(clock, outside, _ =>
            {
                Waited += Detection;
                if (!answer.Task.IsCompleted) look();
            }, null);
            watch.Change(Detection, Detection);
        }

        public void End(T with)
        {
            watch?.Dispose();
            answer.TrySetResult(with);
        }
    }
}
