using Evergrain.Contracts.Ops;

namespace Evergrain.Core.Rollouts;

/// <summary>Keeps one silo as the record wants it: enrolled, prepared, serving the release, rid of what is no longer named. It compares and
/// converges, whatever it was told or missed. Safe from any thread.</summary>
public sealed class SiloAgent : IDisposable
{
    const int LaneLimit = 16;

    readonly SiloAgentPorts ports;
    readonly SiloAgentOptions options;
    readonly Lane lane;
    readonly Enrolment enrolment;
    readonly Convergence convergence;
    readonly ReportSender reports;
    readonly ITimer timer;
    readonly Lock asking = new();
    TaskCompletionSource? nextLook;
    volatile ClusterRecord? record;
    volatile bool storeAnswers, stopped;

    public SiloAgent(string silo, SiloAgentPorts ports, SiloAgentOptions? options = null)
    {
        (Silo, this.ports, this.options) = (silo, ports, options ?? new SiloAgentOptions());
        lane = new Lane(ports.Executor, LaneLimit, failure => Say($"{silo} met a mistake and goes on: {failure}"));
        Instance = ports.Ids.NewGuid();
        enrolment = new Enrolment(new ClusterWriter(ports.Store, ports.Ids, ports.Time, this.options.AnswerTimeout), silo, Instance, ports.Time);
        convergence = new Convergence(silo, ports, this.options, () => Look());
        reports = new ReportSender(silo, Instance, ports, this.options);
        // A rollout ends when every silo has said that it is rid of the old version: say it at once.
        ports.Modules.Retired += () => Look();
        timer = ports.Time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public string Silo { get; }
    public Guid Instance { get; }

    /// <summary>The epoch that this silo serves.</summary>
    public long Epoch => ports.Modules.Epoch;

    /// <summary>The incarnation of the cluster; 0 until the record was read.</summary>
    public long Incarnation => record?.Incarnation ?? 0;

    /// <summary>Enrolled, and at the newest epoch that it knows of. A silo that is not ready serves nothing new.</summary>
    public bool Ready => !stopped && record is { } known && enrolment.In(known) && ports.Modules.Epoch >= known.Epoch;

    /// <summary>Enrols, then prepares and activates what the record names; completes when the silo may serve. Goes on trying for as long as it takes.</summary>
    public async Task Start(CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            await Look().WaitAsync(cancellation);
            if (Ready) return;
            await Task.Delay(options.FirstBackoff, ports.Time, cancellation);
        }
    }

    /// <summary>The record may have changed: look now.</summary>
    public void Hint() => Look();

    /// <summary>Brings the silo to an epoch that a call has seen. All who wait share one read of the store; it never waits for preparing.
    /// A silo that stops looks no more and says only that it is not ready.</summary>
    public async ValueTask<CatchUpAnswer> CatchUp(long epoch)
    {
        if (ports.Modules.Epoch >= epoch) return CatchUpAnswer.Reached;
        await Look();
        return ports.Modules.Epoch >= epoch ? CatchUpAnswer.Reached
            : stopped || record is { } known && known.Epoch >= epoch ? CatchUpAnswer.NotReady
            : storeAnswers ? CatchUpAnswer.EpochUnknown : CatchUpAnswer.StoreUnavailable;
    }

    /// <summary>Leaves: looks no more and takes the silo out of the record, so that no commit waits for it. A store that does not answer is
    /// left alone: the version grain sees that the silo is gone.</summary>
    public Task Stop()
    {
        Dispose();
        return lane.Ask(Leave) ?? Task.CompletedTask;
    }

    /// <summary>Ends at once, without a word to the store.</summary>
    public void Dispose()
    {
        stopped = true;
        timer.Dispose();
        lane.TryRun(() =>
        {
            convergence.End();
            return Task.CompletedTask;
        });
    }

    async Task<bool> Leave()
    {
        try
        {
            return await enrolment.Leave();
        }
        catch (Exception failure)
        {
            Say($"{Silo} could not leave the cluster record: {failure.Message}");
            return false;
        }
    }

    // One look waits at most; who asks while one is at work gets the next, whose read begins after the asking.
    Task Look()
    {
        if (stopped) return Task.CompletedTask;
        TaskCompletionSource look;
        lock (asking)
        {
            if (nextLook is not null) return nextLook.Task;
            nextLook = look = new TaskCompletionSource();
        }
        if (!lane.TryRun(DoLook)) Looked();
        return look.Task;
    }

    TaskCompletionSource TakeLook()
    {
        lock (asking)
        {
            var look = nextLook!;
            nextLook = null;
            return look;
        }
    }

    void Looked()
    {
        var look = TakeLook();
        ports.Executor.Post(() => look.TrySetResult());
    }

    async Task DoLook()
    {
        var look = TakeLook();
        try
        {
            if (!stopped) record = await enrolment.Enrol();
            storeAnswers = true;
        }
        catch (Exception failure)
        {
            if (storeAnswers || record is null) Say($"{Silo} cannot read the cluster record and goes on with what it serves: {failure.Message}");
            storeAnswers = false;
        }
        try
        {
            if (!stopped && record is { } known)
            {
                convergence.Toward(known);
                reports.Send(known, convergence.Rows);
            }
        }
        finally
        {
            // Whatever went wrong: who asked hears, and the next look comes.
            ports.Executor.Post(() => look.TrySetResult());
            if (!stopped) timer.Change(options.Look * (0.8 + 0.4 * ports.Random.NextDouble()), Timeout.InfiniteTimeSpan);
        }
    }

    void Say(string message) => ports.Events(new OpsEvent("silo", ports.Time.GetUtcNow(), message) { Silo = Silo });
}
