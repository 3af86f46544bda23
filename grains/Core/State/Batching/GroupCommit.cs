using Evergrain.Runtime;

namespace Evergrain.Core.State.Batching;

/// <summary>The one way into a store: whatever waits to be written is written in one transaction, while the next gathers. Safe from any thread.</summary>
public sealed class GroupCommit<TSession>
{
    readonly Func<IReadOnlyList<StoreWork<TSession>>, CommitFailure?> commit;
    readonly StoreQueue<TSession> queue;
    long commits;

    /// <param name="thread">One that may block; transactions never overlap.</param>
    /// <param name="answers">Where those who wrote go on.</param>
    /// <param name="commit">Does all of it in one transaction. Null when it stands; must not throw.</param>
    /// <param name="mostAtOnce">Pieces of work in one transaction.</param>
    public GroupCommit(IExecutor thread, IExecutor answers, Func<IReadOnlyList<StoreWork<TSession>>, CommitFailure?> commit, int mostAtOnce)
    {
        this.commit = commit;
        queue = new StoreQueue<TSession>(thread, answers, Write, lanes: 1, mostAtOnce);
    }

    /// <summary>Transactions that were committed, each with one flush to the disk.</summary>
    public long Commits => Interlocked.Read(ref commits);

    /// <exception cref="StoreUnavailableException"/>
    /// <exception cref="StoreFullException"/>
    public ValueTask<T> Do<T>(Func<TSession, T> work) => queue.Ask(work);

    /// <inheritdoc cref="StoreQueue{TSession}.Close"/>
    public Task Close() => queue.Close();

    void Write(IReadOnlyList<StoreWork<TSession>> batch)
    {
        var failure = commit(batch);
        if (failure is null)
        {
            Interlocked.Increment(ref commits);
            foreach (var piece in batch) piece.Stands();
        }
        // One that cannot be written must not keep the others from it.
        else if (failure.LeavesNothing && batch.Count > 1)
            foreach (var piece in batch) Write([piece]);
        else
            foreach (var piece in batch) piece.Failed(failure.Why);
    }
}

/// <summary>A transaction that was not acknowledged.</summary>
/// <param name="Why">As those who wrote are told: one of the exceptions of the store's port.</param>
/// <param name="LeavesNothing">It was not applied, and never will be.</param>
public sealed record CommitFailure(Exception Why, bool LeavesNothing);
