using Evergrain.Contracts;
using Evergrain.Core.State;

namespace Evergrain.Core.Operators;

/// <summary>What stores answer to operators: their exceptions become the errors of the doors.</summary>
public static class StoreAnswers
{
    const int RetryAfterMs = 1000;

    /// <param name="ask">What is asked of the store.</param>
    /// <param name="unanswered">What is known when the store does not answer: <see cref="Ran.Unknown"/> for a write.</param>
    /// <exception cref="CallFailedException"><c>store-unavailable</c>, <c>store-full</c>, <c>record-unreadable</c>.</exception>
    public static async Task<T> Asked<T>(Func<ValueTask<T>> ask, Ran unanswered = Ran.No)
    {
        try
        {
            return await ask();
        }
        catch (StoreUnavailableException unavailable)
        {
            throw new CallFailedException(new CallError(ErrorCodes.StoreUnavailable, unanswered, $"The store did not answer: {unavailable.Message}",
                unanswered == Ran.No ? "Try again after the given time." : "See what it came to after the given time, then try again.") { RetryAfterMs = RetryAfterMs });
        }
        catch (StoreFullException full)
        {
            throw new CallFailedException(new CallError(ErrorCodes.StoreFull, Ran.No, full.Message, full.Refusal.Next) { RetryAfterMs = full.Refusal.RetryAfterMs });
        }
        catch (UnreadableRecordException unreadable)
        {
            throw new CallFailedException(new CallError(ErrorCodes.RecordUnreadable, Ran.No, unreadable.Message, "Its bytes are untouched: restore it from a backup."));
        }
    }

    /// <exception cref="FindingsException"><c>store-cannot</c>.</exception>
    public static void Need(this IEntityStore store, StoreCapabilities needed, string what)
    {
        if (!store.Capabilities.HasFlag(needed))
            throw new FindingsException(ErrorCodes.StoreCannot, $"The store of this cluster cannot {what}: it lacks the capability '{needed.ToString().ToLowerInvariant()}'.", "Ask for entities by kind and key, or move to a store that can.");
    }
}
