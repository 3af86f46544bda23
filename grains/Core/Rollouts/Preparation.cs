using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>A silo's work on the packages of one rollout: each is tried, and tried again after a growing pause. Belongs to the agent's lane.</summary>
internal sealed class Preparation(PrepareOrder order, ISiloModules modules, SiloAgentOptions options, TimeProvider time, Action changed) : IDisposable
{
    readonly CancellationTokenSource given = new();
    readonly List<Attempt> attempts = [.. order.Packages.Select(package => new Attempt(package))];

    public bool Prepared => attempts.TrueForAll(attempt => attempt.State is PrepareState.Prepared);
    public IEnumerable<PackageReport> Rows => attempts.Select(attempt => attempt.Row);

    /// <summary>Begins what is due.</summary>
    /// <param name="retries">How often to try again; null for a release that is committed: this silo must get there.</param>
    public void Drive(int? retries)
    {
        var now = time.GetUtcNow();
        foreach (var attempt in attempts)
        {
            var due = !attempt.Running && attempt.State is not PrepareState.Prepared && now >= attempt.NextAt;
            if (due && (retries is null || attempt.Tries <= retries)) _ = Try(attempt);
            attempt.Exhausted = attempt is { Running: false, Failed: true } && retries is not null && attempt.Tries > retries;
        }
    }

    /// <summary>What was prepared could not serve together: all of it is tried again.</summary>
    public void Reject(Finding finding)
    {
        foreach (var attempt in attempts) attempt.Fail([finding], time.GetUtcNow() + Pause(attempt.Tries));
    }

    public void Dispose()
    {
        given.Cancel();
        given.Dispose();
    }

    async Task Try(Attempt attempt)
    {
        attempt.Begin();
        try
        {
            var outcome = await modules.Prepare(order.For(attempt.Package), order.Rehearsal, given.Token);
            attempt.Rehearsed(outcome);
            if (outcome.Prepared) attempt.Succeed(outcome.Took);
            else attempt.Fail(outcome.Findings, time.GetUtcNow() + Pause(attempt.Tries), outcome.Took);
        }
        catch (Exception failure)
        {
            // Text only: the exception may hold the module's code.
            attempt.Fail([Failure(attempt.Package, failure)], time.GetUtcNow() + Pause(attempt.Tries));
        }
        changed();
    }

    static Finding Failure(PackageRef package, Exception failure) => new("rollout/prepare-failed", package.ToString(),
        $"Preparing ended with {failure.GetType().Name}: {failure.Message}", "Look at the silo's log.");

    TimeSpan Pause(int tries)
    {
        var doubled = options.FirstBackoff * Math.Pow(2, Math.Clamp(tries - 1, 0, 30));
        return doubled < options.LongestBackoff ? doubled : options.LongestBackoff;
    }

    sealed class Attempt(PackageRef package)
    {
        IReadOnlyList<Finding> findings = [], accepted = [];
        RehearsalCount? rehearsal;
        TimeSpan took;

        public PackageRef Package => package;
        public int Tries { get; private set; }
        public bool Running { get; private set; }
        public bool Failed => findings.Count > 0;
        public bool Exhausted { get; set; }
        public DateTimeOffset NextAt { get; private set; } = DateTimeOffset.MinValue;
        bool prepared;

        public PrepareState State => prepared ? PrepareState.Prepared : Exhausted ? PrepareState.Refused : PrepareState.Preparing;
        public PackageReport Row => new(package, State, Tries, took.TotalMilliseconds, findings) { Accepted = accepted, Rehearsal = rehearsal };

        public void Begin() => (Running, Tries) = (true, Tries + 1);

        /// <summary>The newest rehearsal counts.</summary>
        public void Rehearsed(PrepareOutcome outcome) => (rehearsal, accepted) = (outcome.Rehearsal ?? rehearsal, outcome.Accepted);

        public void Succeed(TimeSpan time) => (Running, prepared, findings, took) = (false, true, [], time);

        public void Fail(IReadOnlyList<Finding> found, DateTimeOffset nextAt, TimeSpan time = default)
        {
            (Running, prepared, NextAt) = (false, false, nextAt);
            findings = found.Count > 0 ? found : [new("rollout/prepare-failed", package.ToString(), "Preparing failed without a finding.", "Look at the silo's log.")];
            if (time > TimeSpan.Zero) took = time;
        }
    }
}
