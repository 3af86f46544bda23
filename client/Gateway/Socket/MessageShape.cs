using System.Numerics;
using System.Text.Json;

namespace Evergrain.Gateway.Socket;

[Flags]
internal enum Member
{
    None = 0,
    Id = 1 << 0, To = 1 << 1, Op = 1 << 2, Args = 1 << 3, Raw = 1 << 4, Key = 1 << 5, Epoch = 1 << 6, DeadlineMs = 1 << 7,
    Subscribe = 1 << 8, Unsubscribe = 1 << 9, Ping = 1 << 10, Resume = 1 << 11, After = 1 << 12,
}

/// <summary>Which members make which kind of message.</summary>
internal static class MessageShape
{
    public const string Next = "Send a call {\"id\",\"to\",\"op\",\"args\"}, a subscribe, an unsubscribe, a ping or a resume; client/docs/socket.md shows each.";

    const Member CallMembers = Member.Id | Member.To | Member.Op | Member.Args | Member.Raw | Member.Key | Member.Epoch | Member.DeadlineMs;

    public static Member Named(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("id"u8)) return Member.Id;
        if (reader.ValueTextEquals("to"u8)) return Member.To;
        if (reader.ValueTextEquals("op"u8)) return Member.Op;
        if (reader.ValueTextEquals("args"u8)) return Member.Args;
        if (reader.ValueTextEquals("key"u8)) return Member.Key;
        if (reader.ValueTextEquals("epoch"u8)) return Member.Epoch;
        if (reader.ValueTextEquals("deadlineMs"u8)) return Member.DeadlineMs;
        if (reader.ValueTextEquals("raw"u8)) return Member.Raw;
        if (reader.ValueTextEquals("subscribe"u8)) return Member.Subscribe;
        if (reader.ValueTextEquals("unsubscribe"u8)) return Member.Unsubscribe;
        if (reader.ValueTextEquals("ping"u8)) return Member.Ping;
        if (reader.ValueTextEquals("resume"u8)) return Member.Resume;
        return reader.ValueTextEquals("after"u8) ? Member.After : Member.None;
    }

    public static void Check(Member seen, ref ClientMessage message, ref MessageFaults faults)
    {
        var (kind, required, allowed) = (seen & (Member.To | Member.Op | Member.Subscribe | Member.Unsubscribe | Member.Ping | Member.Resume)) switch
        {
            Member.Subscribe => (MessageKind.Subscribe, Member.Id | Member.Subscribe, Member.Id | Member.Subscribe),
            Member.Unsubscribe => (MessageKind.Unsubscribe, Member.Id | Member.Unsubscribe, Member.Id | Member.Unsubscribe),
            Member.Ping => (MessageKind.Ping, Member.Ping, Member.Id | Member.Ping),
            Member.Resume => (MessageKind.Resume, Member.Resume, Member.Resume | Member.After),
            Member.To or Member.Op or (Member.To | Member.Op) => (MessageKind.Call, Member.Id | Member.To | Member.Op, CallMembers),
            _ => (MessageKind.None, Member.None, Member.None),
        };
        message.Kind = kind;
        if (kind == MessageKind.None)
        {
            // Members that are no members were noted already; say the shape only where nothing else was said.
            if (!faults.Any) faults.Add("The message is none that the gateway knows.", Next);
            return;
        }
        foreach (var missing in Each(required & ~seen)) faults.Add($"'{missing}' is missing.", "Add it.");
        foreach (var foreign in Each(seen & ~allowed)) faults.Add($"'{foreign}' does not belong to this message.", "Leave it out.");
        if (kind == MessageKind.Call && (seen & (Member.Args | Member.Raw)) == (Member.Args | Member.Raw))
            faults.Add("'args' and 'raw' are both there.", "Send 'args' for JSON or 'raw' for bytes.");
    }

    static IEnumerable<string> Each(Member members)
    {
        for (var left = (int)members; left != 0; left &= left - 1)
            yield return JsonNamingPolicy.CamelCase.ConvertName(((Member)(1 << BitOperations.TrailingZeroCount(left))).ToString());
    }
}
