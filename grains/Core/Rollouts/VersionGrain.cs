using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Operators;

namespace Evergrain.Core.Rollouts;

/// <summary>Takes releases to the cluster: the shell around <see cref="RolloutMachine"/>. It holds nothing that the record does not, so it
/// may die at any moment; if two exist by mistake, the record's etag lets one through. Safe from any thread.</summary>
/// <remarks>Bad input is a <see cref="FindingsException"/>; a store that does not answer or is full is a <see cref="CallFailedException"/> with a time to retry.</remarks>
public sealed class VersionGrain : IDisposable
{
    // Requests and reports that may wait; reports come again, requests are refused beyond it.
    const int LaneLimit = 1024;
    const int MostAttempts = 8;

    readonly VersionGrainPorts ports;
    readonly RolloutOptions options;
    readonly Lane lane;
    readonly ClusterWriter store;
    readonly RolloutPlanner planner;
    readonly RolloutSteps steps;
    readonly ITimer timer;
    int tickWaits;

    public VersionGrain(VersionGrainPorts ports, RolloutOptions? options = null)
    {
        this.ports = ports;
        this.options = options ?? new RolloutOptions();
        lane = new Lane(ports.Executor, LaneLimit, failure => ports.Events(new OpsEvent("rollout", ports.Time.GetUtcNow(), $"The version grain met a mistake and goes on: {failure}")));
        store = new ClusterWriter(ports.Store, ports.Ids, ports.Time, this.options.StoreTimeout);
        planner = new RolloutPlanner(ports.Packages, ports.Ids, ports.Time);
        steps = new RolloutSteps(ports, this.options, store);
        timer = ports.Time.CreateTimer(_ => Poke(), null, this.options.Tick, this.options.Tick);
    }

    /// <summary>Looks at the record and goes on with what it finds.</summary>
    public void Poke()
    {
        if (Interlocked.Exchange(ref tickWaits, 1) == 0 && !lane.TryRun(Tick)) Volatile.Write(ref tickWaits, 0);
    }

    /// <summary>Takes in what a silo says; one that finds no room is dropped, for the next comes soon.</summary>
    public void Report(SiloReport report) => lane.TryRun(() => Guarded(() => steps.Happened(new RolloutEvent.Reported(report))));

    /// <exception cref="FindingsException"><c>bad-request</c>, <c>unknown-module</c>, <c>unknown-version</c>, <c>rollout-running</c>, <c>nothing-to-do</c>.</exception>
    public Task<RolloutAccepted> StartRollout(RolloutRequest request, string actor) =>
        Ask(() => Begin(record => planner.Plan(record, request, actor)), Ran.Unknown);

    /// <summary>Rolls out what served before. What is committed but still drains is ended first.</summary>
    /// <exception cref="FindingsException"><c>nothing-to-undo</c>, <c>rollout-running</c>, <c>bad-request</c>.</exception>
    public Task<RolloutAccepted> Undo(UndoRequest request, string actor) => Ask(() => Begin(async record =>
    {
        var plan = await planner.PlanUndo(record, await store.History(), request, actor);
        if (record.Rollout is { Ended: false } draining) await steps.Happened(new RolloutEvent.UndoAsked(draining.Id));
        return plan;
    }), Ran.Unknown);

    /// <exception cref="FindingsException"><c>unknown-rollout</c>, <c>rollout-ended</c>.</exception>
    public Task<RolloutStatus> Abort(string id, AbortRequest request, string actor) => Ask(async () =>
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var record = await steps.Refresh();
            if (record.Rollout?.Id != id) throw Committed(await Ended(id));
            if (record.Rollout is not { Prepares: true } rollout)
                return record.Rollout!.Phase is RolloutPhase.Aborting ? steps.Status()! : throw Committed(record.Rollout);
            await steps.Happened(new RolloutEvent.AbortAsked(rollout.Id, actor, request.Reason));
        }
        throw Busy();
    }, Ran.Unknown);

    /// <summary>One of the last 100 rollouts, or the running one.</summary>
    /// <exception cref="FindingsException"><c>unknown-rollout</c>.</exception>
    public Task<RolloutStatus> Rollout(string id) => Ask(async () =>
        (await steps.Refresh()).Rollout?.Id == id ? steps.Status()! : (await Ended(id)).ToStatus());

    /// <summary>The running rollout, or the last one that ended; null before the first.</summary>
    public Task<RolloutStatus?> Current() => Ask(async () =>
    {
        await steps.Refresh();
        return steps.Status();
    });

    /// <summary>The last 100 releases, newest first.</summary>
    public Task<IReadOnlyList<ReleaseStatus>> History() => Ask<IReadOnlyList<ReleaseStatus>>(async () =>
        [.. (await store.History()).Releases.Select(release => release.ToStatus())]);

    /// <summary>It looks no more by itself; what it has begun, the next one finds in the record.</summary>
    public void Dispose() => timer.Dispose();

    async Task<RolloutAccepted> Begin(Func<ClusterRecord, Task<Rollout>> plan)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var rollout = await plan(await steps.Refresh());
            await steps.Happened(new RolloutEvent.Requested(rollout));
            if (steps.Knows(rollout.Id)) return new RolloutAccepted(rollout.Id);
        }
        throw Busy();
    }

    async Task<Rollout> Ended(string id)
    {
        var rollout = (await store.History()).Rollouts.FirstOrDefault(rollout => rollout.Id == id);
        return rollout ?? throw new FindingsException(ErrorCodes.UnknownRollout, $"There is no rollout {id} among the last {ClusterHistory.Limit}.", "Look at the history for its releases.");
    }

    static FindingsException Committed(Rollout rollout) => rollout.Epoch is { } epoch
        ? new(ErrorCodes.RolloutEnded, $"Rollout {rollout.Id} is committed as epoch {epoch}.", "Undo it.")
        : new(ErrorCodes.RolloutEnded, $"Rollout {rollout.Id} was aborted already.", "There is nothing left to do.");

    static FindingsException Busy() => new(ErrorCodes.StoreConflict, "Others kept writing the cluster record.", "Try again.");

    async Task Tick()
    {
        Volatile.Write(ref tickWaits, 0);
        await Guarded(async () =>
        {
            await steps.Refresh();
            await steps.Happened(new RolloutEvent.Ticked(ports.LiveSilos()));
        });
    }

    Task<T> Ask<T>(Func<Task<T>> work, Ran unanswered = Ran.No) => lane.Ask(() => Translated(work, unanswered))
        ?? Task.FromException<T>(new FindingsException(ErrorCodes.Overloaded, "The version grain has too much to do.", "Try again in a moment."));

    // Trouble of the store is told as such; a mistake of ours stays one.
    async Task<T> Translated<T>(Func<Task<T>> work, Ran unanswered)
    {
        try
        {
            return await StoreAnswers.Asked(() => new ValueTask<T>(work()), unanswered);
        }
        catch (Exception failure) when (failure is not FindingsException)
        {
            steps.Forget();
            throw;
        }
    }

    // What fails here is tried again at the next tick; the record says where to go on.
    async Task Guarded(Func<Task> work)
    {
        try
        {
            await work();
            steps.Answered();
        }
        catch (Exception failure)
        {
            steps.Failed(failure);
        }
    }
}
