using System.Collections.Immutable;
using Evergrain.Contracts;
using Evergrain.Core.Frames;

namespace Evergrain.Core.State.Format;

/// <summary>A record from its fields, as <see cref="RecordFieldWriter"/> writes them.</summary>
internal sealed class RecordFieldReader
{
    readonly List<SliceRecord> slices = [];
    readonly List<(string Module, EarlierWrite Write)> earlier = [];
    readonly List<KeyValuePair<CallerKey, RememberedReply>> replies = [];
    readonly List<KeyValuePair<string, DateTimeOffset>> marks = [];
    readonly List<EntityId> owned = [];
    readonly ImmutableSortedDictionary<long, ScheduleEntry>.Builder schedule = ImmutableSortedDictionary.CreateBuilder<long, ScheduleEntry>();
    readonly ImmutableSortedDictionary<long, OutboxEntry>.Builder outbox = ImmutableSortedDictionary.CreateBuilder<long, OutboxEntry>();
    long incarnation, epoch, eventSequence, lastScheduleId, lastSendNumber, prunedAt;
    Guid? writeId;
    bool created, extras;
    FrameCount frames;
    EntityId? owner;
    byte[] unknown = [];

    /// <exception cref="FormatException">The bytes are no fields of a record.</exception>
    public static EntityRecord Read(EntityId id, string etag, ReadOnlyMemory<byte> bytes)
    {
        var reader = new RecordFieldReader();
        var from = new FieldReader(bytes.Span);
        while (!from.AtEnd)
        {
            var begin = from.Position;
            var field = from.Field(out var number);
            if (reader.Take((RecordField)number, ref field)) field.End();
            else reader.unknown = [.. reader.unknown, .. bytes.Span[begin..from.Position]];
        }
        return reader.Record(id, etag);
    }

    EntityRecord Record(EntityId id, string etag) => new()
    {
        Id = id,
        Etag = etag,
        Incarnation = incarnation,
        Epoch = epoch,
        WriteId = writeId ?? throw new FormatException("There is no write id."),
        Created = created,
        Slices = earlier.Count == 0 ? [.. slices] : [.. slices.Select(WithEarlier)],
        Frames = frames,
        EventSequence = eventSequence,
        Unknown = unknown,
        Extras = !extras ? EntityExtras.None : new EntityExtras
        {
            Schedule = schedule.ToImmutable(),
            LastScheduleId = lastScheduleId,
            Outbox = outbox.ToImmutable(),
            LastSendNumber = lastSendNumber,
            Window = IdempotencyWindow.Restore(replies, marks, Time(prunedAt)),
            Owner = owner,
            Owned = [.. owned],
        },
    };

    /// <summary>False for a field of a newer host.</summary>
    bool Take(RecordField field, ref FieldReader from)
    {
        extras |= field is >= RecordField.Schedule and <= RecordField.Owned;
        switch (field)
        {
            case RecordField.Incarnation: incarnation = from.Number(); break;
            case RecordField.Epoch: epoch = from.Number(); break;
            case RecordField.WriteId: writeId = from.Id(); break;
            case RecordField.Created: created = true; break;
            case RecordField.Slice: slices.Add(Slice(ref from)); break;
            case RecordField.Frames: frames = new FrameCount(from.Number(), from.Number(), from.Flag()); break;
            case RecordField.EventSequence: eventSequence = from.Number(); break;
            case RecordField.Schedule: Add(Schedule(ref from)); break;
            case RecordField.LastScheduleId: lastScheduleId = from.Number(); break;
            case RecordField.Outbox: Add(Outbox(ref from)); break;
            case RecordField.LastSendNumber: lastSendNumber = from.Number(); break;
            case RecordField.Reply: replies.Add(new(new CallerKey(from.Text(), from.Id()), Reply(ref from))); break;
            case RecordField.EvictionMark: marks.Add(new(from.Text(), Time(from.Number()))); break;
            case RecordField.PrunedAt: prunedAt = from.Number(); break;
            case RecordField.Owner: owner = EntityId.Parse(from.Text()); break;
            case RecordField.Owned: owned.Add(EntityId.Parse(from.Text())); break;
            case RecordField.EarlierWrite: earlier.Add((from.Text(), Earlier(ref from))); break;
            default: return false;
        }
        return true;
    }

    static SliceRecord Slice(ref FieldReader from)
    {
        var (module, schema, version, epoch) = (from.Text(), from.Int(), from.Text(), from.Number());
        return new SliceRecord(module, schema, from.Bytes().ToArray(), version, epoch);
    }

    static EarlierWrite Earlier(ref FieldReader from) =>
        new(from.Text(), from.Number(), from.Int(), from.Flag() ? from.Bytes().ToArray() : null);

    SliceRecord WithEarlier(SliceRecord slice) => slice with { Earlier = [.. earlier.Where(one => one.Module == slice.Module).Select(one => one.Write)] };

    static ScheduleEntry Schedule(ref FieldReader from) =>
        new(from.Number(), from.Number(), Optional(ref from), from.Text(), from.Bytes().ToArray(), from.Int(), Optional(ref from));

    static OutboxEntry Outbox(ref FieldReader from) =>
        new(from.Number(), from.Id(), EntityId.Parse(from.Text()), from.Text(), from.Bytes().ToArray(), Time(from.Number()), from.Number());

    void Add(ScheduleEntry entry) => schedule[entry.Id] = entry;
    void Add(OutboxEntry entry) => outbox[entry.Number] = entry;

    static RememberedReply Reply(ref FieldReader from)
    {
        var (body, at, delivery, acknowledged) = (from.Fixed64(), Time(from.Number()), from.Flag(), Optional(ref from));
        var error = from.Flag() ? Error(ref from) : null;
        var reply = new CallReply
        {
            Error = error,
            Result = from.Bytes().ToArray(),
            Raw = from.Flag(),
            Module = Module(from.Text(), from.Text()),
            Epoch = from.Number(),
            SeenEpoch = from.Number(),
        };
        return new RememberedReply(body, reply, at, delivery) { AcknowledgedAt = acknowledged is { } ticks ? Time(ticks) : null };
    }

    static CallError Error(ref FieldReader from)
    {
        var (code, ran, message, next) = (from.Text(), from.Int(), from.Text(), from.Text());
        if (!Enum.IsDefined((Ran)ran)) throw new FormatException($"{ran} does not say whether a call ran.");
        var reason = from.Flag() ? from.Text() : null;
        return new CallError(code, (Ran)ran, message, next) { Reason = reason, RetryAfterMs = from.Flag() ? from.Int() : null };
    }

    static ModuleId Module(string name, string version) => name.Length == 0 ? default : new ModuleId(name, version);
    static DateTimeOffset Time(long utcTicks) => new(utcTicks, TimeSpan.Zero);
    static long? Optional(ref FieldReader from) => from.Flag() ? from.Number() : null;
}
