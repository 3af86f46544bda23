using Evergrain.Core.Rollouts;
using Evergrain.Core.State;

namespace Evergrain.Core.Tests.Rollouts;

/// <summary>What goes wrong with one write.</summary>
enum WriteFault { None, AppliedButUnknown, LostAndUnknown, AppliedLateAndUnknown, AppliedThenThrows, ThrowsUnapplied, Full }

/// <summary>One party's way to the shared store: it can fail, and it dies with the party.</summary>
sealed class FaultyStore(IClusterStore shared, TimeProvider time) : IClusterStore
{
    public bool Dead { get; set; }
    public Func<ClusterRecord, WriteFault> Fault { get; set; } = static _ => WriteFault.None;

    /// <summary>Called once a write was applied, before its author hears of it.</summary>
    public Action<ClusterRecord> Applied { get; set; } = static _ => { };
    public int Reads { get; private set; }

    /// <summary>When set, reads wait for it.</summary>
    public Task? ReadsWait { get; set; }

    public async ValueTask<ClusterRecord> Read(CancellationToken cancellation)
    {
        Reads++;
        if (ReadsWait is { } wait) await wait;
        return Dead ? throw Unreachable() : await shared.Read(cancellation);
    }

    public async ValueTask<ClusterHistory> History(CancellationToken cancellation) => Dead ? throw Unreachable() : await shared.History(cancellation);

    public async ValueTask<ClusterWriteOutcome> Write(ClusterRecord next, string expectedEtag, CancellationToken cancellation)
    {
        if (Dead) throw Unreachable();
        switch (Fault(next))
        {
            case WriteFault.LostAndUnknown: return new ClusterWriteOutcome.Unknown();
            case WriteFault.ThrowsUnapplied: throw new StoreUnavailableException("The store did not answer.");
            case WriteFault.Full: throw new StoreFullException("The store is full.");
            case WriteFault.AppliedLateAndUnknown:
                _ = ApplyLate(next, expectedEtag);
                return new ClusterWriteOutcome.Unknown();
            case WriteFault.AppliedButUnknown:
                await Apply(next, expectedEtag);
                return new ClusterWriteOutcome.Unknown();
            case WriteFault.AppliedThenThrows:
                await Apply(next, expectedEtag);
                throw new StoreUnavailableException("The store did not answer.");
            default:
                var outcome = await Apply(next, expectedEtag);
                return Dead ? throw Unreachable() : outcome;
        }
    }

    async Task<ClusterWriteOutcome> Apply(ClusterRecord next, string expectedEtag)
    {
        var outcome = await shared.Write(next, expectedEtag, CancellationToken.None);
        if (outcome is ClusterWriteOutcome.Written written) Applied(written.Record);
        return outcome;
    }

    async Task ApplyLate(ClusterRecord next, string expectedEtag)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), time);
        await Apply(next, expectedEtag);
    }

    static StoreUnavailableException Unreachable() => new("The store cannot be reached.");
}
