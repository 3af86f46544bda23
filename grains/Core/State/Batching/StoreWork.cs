using Evergrain.Runtime;

namespace Evergrain.Core.State.Batching;

/// <summary>One piece of work for a store: first done, then answered.</summary>
/// <typeparam name="TStore">What it is done with: a connection.</typeparam>
public abstract class StoreWork<TStore>
{
    /// <summary>Does it, on the store's thread. Called again when what surrounded it was rolled back.</summary>
    public abstract void Do(TStore store);

    /// <summary>It stands: who waits for it is told.</summary>
    public abstract void Stands();

    /// <summary>It does not stand, or nobody knows.</summary>
    public abstract void Failed(Exception why);
}

/// <param name="answers">Where those who wait go on: never on the store's thread.</param>
/// <param name="work">May throw a <see cref="RefusedException"/>; whatever else it throws fails what surrounds it.</param>
public sealed class StoreWork<TStore, TResult>(IExecutor answers, Func<TStore, TResult> work) : StoreWork<TStore>
{
    // Completed by the executor, so that who waits goes on where the host wants.
    readonly TaskCompletionSource<TResult> answer = new();
    TResult result = default!;
    Exception? refusal;

    public ValueTask<TResult> Answer => new(answer.Task);

    public override void Do(TStore store)
    {
        refusal = null;
        try
        {
            result = work(store);
        }
        catch (RefusedException refused)
        {
            refusal = refused.InnerException;
        }
    }

    public override void Stands()
    {
        if (refusal is { } why) Failed(why);
        else answers.Post(() => answer.SetResult(result));
    }

    public override void Failed(Exception why) => answers.Post(() => answer.SetException(why));
}

/// <summary>Thrown by work that found that it must not be done: it changed nothing, and who waits for it gets what is inside.</summary>
public sealed class RefusedException(Exception inside) : Exception(inside.Message, inside);
