using Evergrain.Contracts;
using Evergrain.Core.State;

namespace Evergrain.Core.Operators;

/// <summary>What stores answer to operators: their exceptions become the errors of the doors.</summary>
public static class StoreAnswers
{
    const int RetryAfterMs = 1000;

    /// <exception cref="CallFailedException"><c>store-unavailable</c>, <c>record-unreadable</c>.</exception>
    public static async Task<T> Asked<T>(Func<ValueTask<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (StoreUnavailableException unavailable)
        {
            throw new CallFailedException(new CallError(ErrorCodes.StoreUnavailable, Ran.No, $"The store did not answer: {unavailable.Message}", "Try again after the given time.") { RetryAfterMs = RetryAfterMs });
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
