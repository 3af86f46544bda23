using Evergrain.Contracts;

namespace Evergrain.Core.State;

/// <summary>The store did not answer. A write may have been applied, or may still be.</summary>
public sealed class StoreUnavailableException(string message) : Exception(message);

/// <summary>A record is there, and cannot be read: cut off, garbled, or written by a newer host.</summary>
public sealed class UnreadableRecordException(UnreadableRecord record) : Exception($"The record of {record.Id} cannot be read: {record.Why}")
{
    public UnreadableRecord Record { get; } = record;
}
