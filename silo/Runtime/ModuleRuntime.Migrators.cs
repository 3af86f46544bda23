using Evergrain.Contracts;
using Evergrain.Runtime.Slots;

namespace Evergrain.Runtime;

public sealed partial class ModuleRuntime
{
    // A slot can begin to retire between being prepared and being leased; that this happens over and over is no accident any more.
    const int MaxMigratorTries = 8;

    // A delay ends on the millisecond before what was asked for: without one more, the last fraction of one would be spun away, not waited out.
    static readonly TimeSpan WholeDelay = TimeSpan.FromMilliseconds(1);

    /// <summary>A slot with one lease taken, only to bring slices up or down: loaded again if it was retired. Give the lease back with
    /// <see cref="ModuleSlot.Release"/>. It is retired when it was not used for <see cref="ModuleRuntimeOptions.MigratorLinger"/>.</summary>
    /// <exception cref="FindingsException">The package cannot be loaded any more.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the runtime was disposed.</exception>
    public async ValueTask<ModuleSlot> Migrator(PackageRef package, CancellationToken cancellation)
    {
        for (var tries = 0; tries < MaxMigratorTries; tries++)
        {
            if (Lease(package) is { } slot) return slot;
            var prepared = await Prepare(new PrepareRequest(package, [], []) { IsMigrator = true }, cancellation);
            if (prepared.Slot is null)
                throw new FindingsException(ErrorCodes.BadPackage, $"{package} cannot be loaded to migrate by: {string.Join(' ', prepared.Findings.Select(finding => finding.Message))}",
                    "Publish the package again, or roll out a version that reads its schema.", prepared.Findings);
        }
        throw new FindingsException(ErrorCodes.Internal, $"{package} went away {MaxMigratorTries} times before it could be leased.", "Try again.");
    }

    ModuleSlot? Lease(PackageRef package)
    {
        lock (catalog.Gate)
        {
            if (catalog.Ready(package.Digest) is not { } entry || !entry.Slot.TryAcquire()) return null;
            var isFirst = entry is { IsMigrator: true, IsWatched: false };
            entry.MigratorUsed = time.GetTimestamp();
            if (!isFirst) return entry.Slot;
            entry.IsWatched = true;
            executor.Post(() => _ = Linger(entry));
            return entry.Slot;
        }
    }

    // Ends with the entry: when it retires, when a release takes it over, or with the runtime.
    async Task Linger(SlotEntry entry)
    {
        var wait = options.MigratorLinger;
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(wait, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            lock (catalog.Gate)
            {
                entry.IsWatched = false;
                if (disposed || !entry.IsMigrator || catalog.Find(entry.Slot.Package.Digest) != entry) return;
                var idle = time.GetElapsedTime(entry.MigratorUsed);
                if (entry.Slot.Leases == 0 && idle >= options.MigratorLinger)
                {
                    BeginRetire(entry);
                    return;
                }
                entry.IsWatched = true;
                wait = entry.Slot.Leases > 0 || idle >= options.MigratorLinger ? options.MigratorLinger : options.MigratorLinger - idle + WholeDelay;
            }
        }
    }
}
