using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Evergrain.Core.State;

namespace Evergrain.Core.Entities;

/// <summary>Writes an entity on the condition that nobody else has, and finds out what a write without an answer came to.</summary>
internal static class RecordWriter
{
    public static EntityRecord Encode(EntityActivation activation, EntityState next)
    {
        var slices = activation.Slices!;
        var stored = activation.Stored;
        return new EntityRecord
        {
            Id = activation.Id,
            Incarnation = activation.Silo.Incarnation,
            Epoch = Math.Max(activation.Table!.Epoch, stored?.Epoch ?? 0),
            WriteId = activation.Silo.Ids.NewGuid(),
            Etag = stored?.Etag ?? "",
            Created = next.Created,
            Slices = next.Created ? Slices(activation, next, slices) : [],
            Frames = next.Frames,
            EventSequence = next.EventSequence,
            Extras = next.Extras,
            Unknown = stored?.Unknown ?? default,
        };
    }

    static ImmutableArray<SliceRecord> Slices(EntityActivation activation, EntityState next, SliceSet slices)
    {
        var records = new SliceRecord[slices.Count + slices.Kept.Length];
        for (var i = 0; i < slices.Count; i++) records[i] = Slice(activation, next, i);
        slices.Kept.CopyTo(records, slices.Count);
        return ImmutableCollectionsMarshal.AsImmutableArray(records);
    }

    public static async ValueTask<WriteResult> Write(IEntityStore store, EntityRecord record, EntityRecord? stored, bool delete = false)
    {
        try
        {
            var outcome = (await store.Write([new EntityWrite(record, stored?.Etag, delete)]))[0];
            if (outcome.Refused is { } refusal) return new WriteResult(WriteEnd.Refused, null, refusal.Message) { Refusal = refusal };
            return outcome.Conflict ? WriteResult.Conflict : new WriteResult(WriteEnd.Written, outcome.Record ?? record with { Etag = outcome.Etag! });
        }
        catch (StoreUnavailableException unanswered)
        {
            return await FindOut(store, record, stored, delete, unanswered.Message);
        }
    }

    static async ValueTask<WriteResult> FindOut(IEntityStore store, EntityRecord record, EntityRecord? stored, bool delete, string why)
    {
        try
        {
            var current = await store.Read(record.Id);
            if (delete ? current is null : current?.WriteId == record.WriteId) return new WriteResult(WriteEnd.Written, current ?? record);
            return new WriteResult(current?.Etag == stored?.Etag ? WriteEnd.NotWritten : WriteEnd.Overwritten, null, why);
        }
        catch (Exception unanswered) when (unanswered is StoreUnavailableException or UnreadableRecordException)
        {
            return new WriteResult(WriteEnd.Unknown, null, why);
        }
    }

    /// <summary>Bytes that are in the store already are used again, with the version that wrote them.</summary>
    public static SliceRecord Slice(EntityActivation activation, EntityState next, int i)
    {
        var slices = activation.Slices!;
        var route = slices.Routes[i];
        var unchanged = activation.StoredStates is { } written && ReferenceEquals(written[i], next.Slices[i]);
        var stored = activation.Stored?.Slices.FirstOrDefault(slice => slice.Module == route.Module);
        if (unchanged && stored is not null) return stored;
        var anew = new SliceRecord(route.Module, route.Definition.Schema, slices.Encode(i, next.Slices[i]), route.Slot.Id.Version, activation.Table!.Epoch);
        return stored is null ? anew : anew.Over(stored);
    }
}

internal enum WriteEnd
{
    Written,
    /// <summary>It is not in the store; whether it never will be, nobody knows.</summary>
    NotWritten,
    /// <summary>Another activation of the entity wrote it.</summary>
    Conflict,
    /// <summary>Another activation of the entity wrote it; whether before this write or after it, nobody knows.</summary>
    Overwritten,
    /// <summary>Neither the write nor the question about it was answered.</summary>
    Unknown,
    /// <summary>The store did not take it, and never will.</summary>
    Refused,
}

internal readonly record struct WriteResult(WriteEnd End, EntityRecord? Record, string Why = "")
{
    public static readonly WriteResult Conflict = new(WriteEnd.Conflict, null);

    /// <summary>With <see cref="WriteEnd.Refused"/>.</summary>
    public StoreRefusal? Refusal { get; init; }
}
