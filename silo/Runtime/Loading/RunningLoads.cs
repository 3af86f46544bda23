using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Runtime.Loading;

/// <summary>Every load that runs, also those that nobody waits for any more: code that never comes back takes one thread, and is named.
/// Safe from any thread.</summary>
/// <param name="patience">How long a load may run before it counts as stuck.</param>
internal sealed class RunningLoads(TimeSpan patience, TimeProvider time, IExecutor executor)
{
    readonly Dictionary<string, RunningLoad> running = new(StringComparer.Ordinal);
    readonly List<RunningLoad> arrived = [];

    /// <summary>Runs it on the executor. Null when a load of the same digest runs already and does not end in its own time.</summary>
    public async Task<RunningLoad?> Start(PackageRef package, Func<LoadOutcome> load, CancellationToken cancellation)
    {
        if (Find(package.Digest) is { } earlier && !await EndsInTime(earlier, cancellation)) return null;
        var outcome = new TaskCompletionSource<LoadOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = new RunningLoad(package, time.GetUtcNow(), outcome.Task);
        lock (running)
            if (!running.TryAdd(package.Digest, started)) return null;
        executor.Post(() =>
        {
            var result = load();
            lock (running)
            {
                running.Remove(package.Digest);
                arrived.Add(started);
            }
            outcome.SetResult(result);
        });
        return started;
    }

    /// <summary>Why a digest cannot be loaded now.</summary>
    public Finding StillRuns(PackageRef package) => new("module/still-configuring", package.ToString(),
        $"{package} is still configuring{(Find(package.Digest) is { } load ? $" since {load.Since:yyyy-MM-dd HH:mm:ss} UTC" : "")}: the code of an earlier try has not come back.",
        "Mend what Configure waits for and publish a new version; the thread that it holds ends with the silo.") { Module = package.ToString() };

    /// <summary>What came was taken: it is in a slot, or gone.</summary>
    public void Took(RunningLoad load)
    {
        lock (running) arrived.Remove(load);
    }

    /// <summary>Nobody waits for the load any more: its code is taken away when it comes.</summary>
    public async Task Discard(RunningLoad load, Action<ILoadedModule> takeAway)
    {
        if ((await load.Outcome).Loaded is { } late) takeAway(late);
        Took(load);
    }

    /// <summary>Loads that should have ended long ago, and those that nobody waits for any more, until what they bring is taken away.</summary>
    /// <param name="isAwaited">By digest.</param>
    public IReadOnlyList<SlotStatus> Report(Func<string, bool> isAwaited)
    {
        RunningLoad[] loads;
        lock (running) loads = [.. running.Values, .. arrived];
        return [.. loads.Where(load => IsStuck(load) || !isAwaited(load.Package.Digest)).Select(Status)];
    }

    SlotStatus Status(RunningLoad load) => new(load.Package.Name, load.Package.Version, IsStuck(load) ? SlotState.Stuck : SlotState.Draining, 0)
    {
        Digest = load.Package.Digest, Findings = IsStuck(load) ? [StillRuns(load.Package)] : [],
    };

    bool IsStuck(RunningLoad load) => !load.Outcome.IsCompleted && Left(load) <= TimeSpan.Zero;

    RunningLoad? Find(string digest)
    {
        lock (running) return running.GetValueOrDefault(digest);
    }

    TimeSpan Left(RunningLoad load) => load.Since + patience - time.GetUtcNow();

    async Task<bool> EndsInTime(RunningLoad load, CancellationToken cancellation)
    {
        var left = Left(load);
        if (left <= TimeSpan.Zero) return false;
        try
        {
            await load.Outcome.Followed().WaitAsync(left, time, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}

/// <param name="Since">When it was given to the executor.</param>
/// <param name="Outcome">Never fails.</param>
internal sealed record RunningLoad(PackageRef Package, DateTimeOffset Since, Task<LoadOutcome> Outcome);
