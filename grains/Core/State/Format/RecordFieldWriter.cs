using Evergrain.Contracts;
using Evergrain.Core.Frames;

namespace Evergrain.Core.State.Format;

/// <summary>A record's fields as <see cref="RecordFieldReader"/> reads them.</summary>
internal static class RecordFieldWriter
{
    public static void Write(FieldWriter to, EntityRecord record)
    {
        Number(to, RecordField.Incarnation, record.Incarnation);
        Number(to, RecordField.Epoch, record.Epoch);
        var begin = to.Begin(RecordField.WriteId);
        to.Id(record.WriteId);
        to.End(begin);
        if (record.Created) to.End(to.Begin(RecordField.Created));
        foreach (var slice in record.Slices) Write(to, slice);
        foreach (var slice in record.Slices)
            foreach (var earlier in slice.Earlier) Write(to, slice.Module, earlier);
        if (record.Frames != default) Write(to, record.Frames);
        Number(to, RecordField.EventSequence, record.EventSequence);
        Write(to, record.Extras);
        to.Raw(record.Unknown.Span);
    }

    static void Write(FieldWriter to, SliceRecord slice)
    {
        var begin = to.Begin(RecordField.Slice);
        to.Text(slice.Module);
        to.Number(slice.Schema);
        to.Text(slice.Version);
        to.Number(slice.Epoch);
        to.Bytes(slice.Bytes);
        to.End(begin);
    }

    static void Write(FieldWriter to, string module, EarlierWrite earlier)
    {
        var begin = to.Begin(RecordField.EarlierWrite);
        to.Text(module);
        to.Text(earlier.Version);
        to.Number(earlier.Epoch);
        to.Number(earlier.Schema);
        to.Flag(earlier.Bytes is not null);
        if (earlier.Bytes is { } bytes) to.Bytes(bytes);
        to.End(begin);
    }

    static void Write(FieldWriter to, FrameCount frames)
    {
        var begin = to.Begin(RecordField.Frames);
        to.Number(frames.AtTicks);
        to.Number(frames.Frame);
        to.Flag(frames.Running);
        to.End(begin);
    }

    static void Write(FieldWriter to, EntityExtras extras)
    {
        foreach (var entry in extras.Schedule.Values) Write(to, entry);
        Number(to, RecordField.LastScheduleId, extras.LastScheduleId);
        foreach (var entry in extras.Outbox.Values) Write(to, entry);
        Number(to, RecordField.LastSendNumber, extras.LastSendNumber);
        foreach (var (key, reply) in extras.Window.Replies()) Write(to, key, reply);
        foreach (var (caller, mark) in extras.Window.EvictionMarks())
        {
            var begin = to.Begin(RecordField.EvictionMark);
            to.Text(caller);
            to.Number(mark.UtcTicks);
            to.End(begin);
        }
        Number(to, RecordField.PrunedAt, extras.Window.PrunedAt.UtcTicks);
        if (extras.Owner is { } owner) Write(to, RecordField.Owner, owner);
        foreach (var owned in extras.Owned.Order(EntityQuery.Order)) Write(to, RecordField.Owned, owned);
    }

    static void Write(FieldWriter to, ScheduleEntry entry)
    {
        var begin = to.Begin(RecordField.Schedule);
        to.Number(entry.Id);
        to.Number(entry.DueFrame);
        Optional(to, entry.EveryFrames);
        to.Text(entry.Operation);
        to.Bytes(entry.Arguments.Span);
        to.Number(entry.Priority);
        Optional(to, entry.ExpiresFrame);
        to.End(begin);
    }

    static void Write(FieldWriter to, OutboxEntry entry)
    {
        var begin = to.Begin(RecordField.Outbox);
        to.Number(entry.Number);
        to.Id(entry.Key);
        to.Text(entry.To.ToString());
        to.Text(entry.Operation);
        to.Bytes(entry.Arguments.Span);
        to.Number(entry.Since.UtcTicks);
        to.Number(entry.Epoch);
        to.End(begin);
    }

    static void Write(FieldWriter to, CallerKey key, RememberedReply remembered)
    {
        var begin = to.Begin(RecordField.Reply);
        to.Text(key.Caller);
        to.Id(key.Key);
        to.Fixed64(remembered.Body);
        to.Number(remembered.At.UtcTicks);
        to.Flag(remembered.Delivery);
        Optional(to, remembered.AcknowledgedAt?.UtcTicks);
        var reply = remembered.Reply;
        to.Flag(reply.Error is not null);
        if (reply.Error is { } error) Write(to, error);
        to.Bytes(reply.Result.Span);
        to.Flag(reply.Raw);
        // That no code ran is an empty name.
        to.Text(reply.Module.Name ?? "");
        to.Text(reply.Module.Version ?? "");
        to.Number(reply.Epoch);
        to.Number(reply.SeenEpoch);
        to.End(begin);
    }

    static void Write(FieldWriter to, CallError error)
    {
        to.Text(error.Code);
        to.Number((int)error.Ran);
        to.Text(error.Message);
        to.Text(error.Next);
        to.Flag(error.Reason is not null);
        if (error.Reason is { } reason) to.Text(reason);
        Optional(to, error.RetryAfterMs);
    }

    static void Write(FieldWriter to, RecordField field, EntityId id)
    {
        var begin = to.Begin(field);
        to.Text(id.ToString());
        to.End(begin);
    }

    static void Number(FieldWriter to, RecordField field, long value)
    {
        if (value == 0) return;
        var begin = to.Begin(field);
        to.Number(value);
        to.End(begin);
    }

    static void Optional(FieldWriter to, long? value)
    {
        to.Flag(value is not null);
        if (value is { } there) to.Number(there);
    }
}
