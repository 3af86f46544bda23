using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Core.Frames;
using Evergrain.Core.State;
using Evergrain.Core.State.Format;

namespace Evergrain.Core.Tests.State;

public sealed class RecordFormatTests
{
    static readonly EntityId Id = new("battle", "room-17");
    static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_was_written_is_read_again_whole()
    {
        var record = Full();
        var read = RecordFormat.Decode(Id, "7", RecordFormat.Encode(record));

        Assert.Equal("7", read.Etag);
        Assert.Equal(Text(record with { Etag = "7" }), Text(read));
    }

    [Fact]
    public void A_plain_record_is_small_and_has_no_extras_of_its_own()
    {
        var record = new EntityRecord { Id = Id, Epoch = 3, WriteId = Guid.NewGuid(), Created = true, Incarnation = 1, Slices = [new SliceRecord("wallet", 1, "{\"gold\":7}"u8.ToArray(), "1.0.0", 3)] };
        var bytes = RecordFormat.Encode(record);

        Assert.InRange(bytes.Length, 1, 80);
        Assert.Same(EntityExtras.None, RecordFormat.Decode(Id, "1", bytes).Extras);
    }

    [Fact]
    public void What_the_window_remembers_means_the_same_afterwards()
    {
        var window = IdempotencyWindow.Empty;
        var keys = Enumerable.Range(0, IdempotencyWindow.KeysPerCaller + 3).Select(i => Key(i)).ToArray();
        foreach (var key in keys) window = window.Add("bob", key, Remembered(delivery: false));
        window = window.Add("room/1", Key(500), Remembered(delivery: true));

        var read = RecordFormat.Decode(Id, "1", RecordFormat.Encode(Full() with { Extras = EntityExtras.None with { Window = window } })).Extras.Window;

        Assert.Equal(window.Count, read.Count);
        foreach (var (caller, key, delivery) in keys.Select(key => ("bob", key, false)).Append(("room/1", Key(500), true)))
            Assert.Equal(window.Look(caller, key, 42, delivery, Now).Meaning, read.Look(caller, key, 42, delivery, Now).Meaning);
        // The next key drives out the same one as it would have before.
        var next = Remembered(delivery: false);
        Assert.Equal(window.Add("bob", Key(600), next).Look("bob", keys[3], 42, false, Now).Meaning, read.Add("bob", Key(600), next).Look("bob", keys[3], 42, false, Now).Meaning);
    }

    [Fact]
    public void A_field_of_a_newer_host_is_written_again_as_it_was()
    {
        var writer = new FieldWriter();
        var begin = writer.Begin((RecordField)77);
        writer.Text("from the future");
        writer.End(begin);
        var newer = Sealed([.. RecordFormat.Encode(Full())[6..], .. writer.ToArray()]);

        var read = RecordFormat.Decode(Id, "1", newer);
        var again = RecordFormat.Decode(Id, "2", RecordFormat.Encode(read with { Epoch = 99 }));

        Assert.Equal(99, again.Epoch);
        Assert.Equal(writer.ToArray(), again.Unknown.ToArray());
    }

    [Fact]
    public void A_record_that_is_cut_off_anywhere_says_so()
    {
        var bytes = RecordFormat.Encode(Full());
        for (var length = 0; length < bytes.Length; length++) Unreadable(bytes[..length]);
    }

    [Fact]
    public void A_record_with_any_byte_changed_says_so()
    {
        var bytes = RecordFormat.Encode(Full());
        for (var i = 0; i < bytes.Length; i++)
        {
            var garbled = bytes.ToArray();
            garbled[i] ^= 0x20;
            Unreadable(garbled);
        }
    }

    [Fact]
    public void The_record_of_another_entity_is_not_taken() =>
        Assert.Throws<UnreadableRecordException>(() => RecordFormat.Decode(new EntityId("battle", "room-18"), "1", RecordFormat.Encode(Full())));

    [Fact]
    public void A_record_of_a_later_format_names_both()
    {
        var bytes = RecordFormat.Encode(Full());
        bytes[1] = 2;
        Assert.Contains("format 2", Unreadable(bytes).Record.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fields_that_nobody_wrote_are_a_record_or_a_typed_error_though_their_checksum_is_right(int seed)
    {
        var random = new Random(seed);
        var good = RecordFormat.Encode(Full())[6..];
        var (records, refused) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var fields = good.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--) fields[random.Next(fields.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0) fields = fields[..random.Next(fields.Length)];
            try
            {
                RecordFormat.Decode(Id, "1", Sealed(fields));
                records++;
            }
            catch (UnreadableRecordException)
            {
                refused++;
            }
        }
        Assert.True(records > 0 && refused > 0, $"{records} records, {refused} refused");
    }

    static UnreadableRecordException Unreadable(byte[] bytes)
    {
        var thrown = Assert.Throws<UnreadableRecordException>(() => RecordFormat.Decode(Id, "5", bytes));
        Assert.Equal((Id, "5"), (thrown.Record.Id, thrown.Record.Etag));
        return thrown;
    }

    static byte[] Sealed(byte[] fields)
    {
        byte[] bytes = [0xE6, 1, 0, 0, 0, 0, .. fields];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(2), RecordFormat.Checksum(Id, fields));
        return bytes;
    }

    static EntityRecord Full() => new()
    {
        Id = Id, Incarnation = 2, Epoch = 41, WriteId = Key(1), Created = true, EventSequence = 12, Frames = new FrameCount(Now.UtcTicks, 900, true),
        Slices = [new SliceRecord("battle", 2, [1, 2, 3], "2.0.0", 41) { Earlier = [new("1.1.0", 9, 1, [7, 8]), new("1.0.0", 4, 1, null)] }, new SliceRecord("quest", 1, [], "1.0.0-rc.1", 7)],
        Extras = new EntityExtras
        {
            Schedule = Sorted((3, new ScheduleEntry(3, 950, 20, "battle.tick", new byte[] { 9 }, -1, null)), (5, new ScheduleEntry(5, 901, null, "battle.end", default, 0, 1000))),
            LastScheduleId = 5,
            Outbox = Sorted((8, new OutboxEntry(8, Key(2), new EntityId("wallet", "bob"), "wallet.receive", "{}"u8.ToArray(), Now, 40))),
            LastSendNumber = 8,
            Window = IdempotencyWindow.Empty.Add("bob", Key(3), Remembered(false)).Add("wallet/bob", Key(4), Remembered(true) with { AcknowledgedAt = Now })
                .Add("eve", Key(5), new RememberedReply(1, CallReply.Failed(new CallError("rejected", Ran.Unknown, "no", "ask") { Reason = "why", RetryAfterMs = 5 }, 3), Now, false)),
            Owner = new EntityId("lobby", "one"),
            Owned = [new EntityId("room", "b"), new EntityId("room", "a")],
        },
    };

    static RememberedReply Remembered(bool delivery) => new(42, new CallReply { Result = "7"u8.ToArray(), Module = new ModuleId("battle", "2.0.0"), Epoch = 41, SeenEpoch = 41 }, Now, delivery);

    static Guid Key(int i) => UuidV7.Create(Now.AddSeconds(-300 + i / 10.0), new byte[16]);

    static ImmutableSortedDictionary<long, T> Sorted<T>(params (long, T)[] entries) => entries.ToImmutableSortedDictionary(entry => entry.Item1, entry => entry.Item2);

    static string Text(EntityRecord record) => JsonSerializer.Serialize(new
    {
        record.Id, record.Incarnation, record.Epoch, record.WriteId, record.Etag, record.Created, record.Slices, record.EventSequence,
        Frames = record.Frames.ToString(), Schedule = record.Extras.Schedule.Values, record.Extras.LastScheduleId, Outbox = record.Extras.Outbox.Values,
        record.Extras.LastSendNumber, Replies = record.Extras.Window.Replies(), Marks = record.Extras.Window.EvictionMarks(), record.Extras.Window.PrunedAt,
        record.Extras.Owner, Owned = record.Extras.Owned.Order(EntityQuery.Order),
    });
}
