using Evergrain.Contracts;

namespace Evergrain.Core.State;

/// <summary>The store did not answer. A write may have been applied, or may still be.</summary>
public sealed class StoreUnavailableException(string message) : Exception(message);

/// <summary>There is no room for a write; nothing of it was applied.</summary>
public sealed class StoreFullException(string message) : Exception(message)
{
    const int RetryAfterMs = 5000;
    const string Next = "Make room for the store; until then entities go on with what they have, and what must be written is refused.";

    public StoreRefusal Refusal => new(ErrorCodes.StoreFull, Message, Next, RetryAfterMs);

    /// <summary>For operators.</summary>
    public FindingsException ToFindings() => new(ErrorCodes.StoreFull, Message, Next) { RetryAfterMs = RetryAfterMs };
}

/// <summary>A record is there, and cannot be read: cut off, garbled, or written by a newer host.</summary>
public sealed class UnreadableRecordException(UnreadableRecord record) : Exception($"The record of {record.Id} cannot be read: {record.Why}")
{
    public UnreadableRecord Record { get; } = record;
}

/// <summary>A store that a host was told to use cannot be opened: it says why, and what to do.</summary>
public sealed class CannotOpenStoreException(string message, Exception? cause = null) : Exception(message, cause);
