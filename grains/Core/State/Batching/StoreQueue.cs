using Evergrain.Runtime;

namespace Evergrain.Core.State.Batching;

/// <summary>Where whoever wants something of a store asks for it: what waits is done a batch at a time, on threads that may block. Safe from any
/// thread.</summary>
/// <typeparam name="TSession">What the work is done with: a connection.</typeparam>
/// <param name="threads">Where batches are done.</param>
/// <param name="answers">Where those who asked go on.</param>
/// <param name="work">Does each piece of a batch and tells it what came of it. Must not throw.</param>
/// <param name="lanes">How many batches are done at a time.</param>
/// <param name="mostAtOnce">In one batch.</param>
public sealed class StoreQueue<TSession>(IExecutor threads, IExecutor answers, Action<IReadOnlyList<StoreWork<TSession>>> work, int lanes, int mostAtOnce)
{
    const int MostWaiting = 65_536;
    readonly Batches<StoreWork<TSession>> batches = new(threads, work, lanes, mostAtOnce, MostWaiting);

    /// <exception cref="StoreUnavailableException"/>
    public ValueTask<T> Ask<T>(Func<TSession, T> question)
    {
        var piece = new StoreWork<TSession, T>(answers, question);
        if (!batches.TryAdd(piece)) throw new StoreUnavailableException($"the store is closed, or {MostWaiting} others wait for it.");
        return piece.Answer;
    }

    /// <summary>Does what it has taken, and takes nothing more.</summary>
    public Task Close() => batches.Close();
}
