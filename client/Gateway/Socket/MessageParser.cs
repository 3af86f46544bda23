using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Gateway.Calls;

namespace Evergrain.Gateway.Socket;

/// <summary>Reads client messages straight from the receive buffer; only the arguments are copied, once. One for each connection, not thread-safe.</summary>
internal sealed class MessageParser
{
    const long MaxId = 1L << 53;
    const int MaxAfter = 1024;

    NameCache<EntityId> entities;
    NameCache<string> operations;

    /// <summary>Null when the message can be served. Even then or not, <paramref name="message"/> has its id if one could be read.</summary>
    public CallError? Parse(ReadOnlySpan<byte> utf8, out ClientMessage message)
    {
        message = default;
        var faults = new MessageFaults();
        try
        {
            var reader = new Utf8JsonReader(utf8);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                return new CallError(ErrorCodes.BadMessage, Ran.No, "The message is not a JSON object.", MessageShape.Next);
            var seen = Members(ref reader, utf8, ref message, ref faults);
            reader.Read();
            MessageShape.Check(seen, ref message, ref faults);
            return faults.Error;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return new CallError(ErrorCodes.BadJson, Ran.No, $"The message is not JSON: {exception.Message}", "Send one JSON object as a text message.");
        }
    }

    Member Members(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, ref ClientMessage message, ref MessageFaults faults)
    {
        var seen = Member.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = MessageShape.Named(ref reader);
            if (member == Member.None) faults.Add($"'{reader.GetString()}' is no member of a message.", MessageShape.Next);
            else if ((seen & member) != 0) faults.Add($"'{reader.GetString()}' is there twice.", "Send each member once.");
            seen |= member;
            reader.Read();
            Value(member, ref reader, utf8, ref message, ref faults);
        }
        return seen;
    }

    void Value(Member member, ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, ref ClientMessage message, ref MessageFaults faults)
    {
        switch (member)
        {
            case Member.Id:
                if (Number(ref reader, 0, MaxId) is { } id) message.Id = id;
                else Wrong(ref reader, ref faults, "'id' is not a whole number from 0 to 2^53.", "Number your messages 1, 2, 3.");
                break;
            case Member.To or Member.Subscribe or Member.Unsubscribe:
                if (!Entity(ref reader, out message.Entity)) Wrong(ref reader, ref faults, "The entity id is not one.", CallLimits.EntityNext, ErrorCodes.BadEntity);
                break;
            case Member.Op:
                message.Operation = Operation(ref reader);
                if (message.Operation is null) Wrong(ref reader, ref faults, "'op' is not an operation.", CallLimits.OperationNext, ErrorCodes.UnknownOperation);
                break;
            case Member.Args:
                message.Arguments = Copy(ref reader, utf8);
                break;
            case Member.Raw:
                if (reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out message.Arguments))
                    Wrong(ref reader, ref faults, "'raw' is not base64 text.", "Send the bytes as base64, or JSON as 'args'.");
                break;
            case Member.Key:
                if (reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var key) && CallLimits.IsKey(key)) message.Key = key;
                else Wrong(ref reader, ref faults, "'key' is not a UUIDv7.", CallLimits.KeyNext, ErrorCodes.BadKey);
                break;
            case Member.Epoch:
                if (Number(ref reader, 0, long.MaxValue) is { } epoch) message.Epoch = epoch;
                else Wrong(ref reader, ref faults, "'epoch' is not an epoch.", "Send the highest epoch that you have seen, or leave it out.");
                break;
            case Member.DeadlineMs:
                if (Number(ref reader, 1, CallLimits.MaxDeadlineMs) is { } ms) message.DeadlineMs = (int)ms;
                else Wrong(ref reader, ref faults, "'deadlineMs' is out of range.", CallLimits.DeadlineNext);
                break;
            case Member.Resume:
                message.Session = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                if (message.Session is null) Wrong(ref reader, ref faults, "'resume' is not a session.", "Send the session that the welcome named.");
                break;
            case Member.After:
                After(ref reader, ref message, ref faults);
                break;
            case Member.Ping:
                if (reader.TokenType != JsonTokenType.True) Wrong(ref reader, ref faults, "'ping' is not true.", "Send {\"ping\":true}.");
                break;
            default:
                reader.Skip();
                break;
        }
    }

    bool Entity(ref Utf8JsonReader reader, out EntityId entity)
    {
        entity = default;
        if (reader.TokenType != JsonTokenType.String) return false;
        if (!reader.ValueIsEscaped && entities.TryGet(reader.ValueSpan, out entity)) return true;
        if (!EntityId.TryParse(reader.GetString(), out entity)) return false;
        if (!reader.ValueIsEscaped) entities.Put(reader.ValueSpan, entity);
        return true;
    }

    string? Operation(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) return null;
        if (!reader.ValueIsEscaped && operations.TryGet(reader.ValueSpan, out var known)) return known;
        var operation = reader.GetString()!;
        if (!CallLimits.IsOperation(operation)) return null;
        if (!reader.ValueIsEscaped) operations.Put(reader.ValueSpan, operation);
        return operation;
    }

    static byte[] Copy(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return utf8[start..(int)reader.BytesConsumed].ToArray();
    }

    void After(ref Utf8JsonReader reader, ref ClientMessage message, ref MessageFaults faults)
    {
        const string next = "Send the last sequence seen of each entity, as in {\"battle/room-17\":41}.";
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Wrong(ref reader, ref faults, "'after' is not an object.", next);
            return;
        }
        message.After = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isEntity = EntityId.TryParse(reader.GetString(), out var entity);
            reader.Read();
            if (isEntity && Number(ref reader, 0, long.MaxValue) is { } sequence && message.After.Count < MaxAfter) message.After[entity] = sequence;
            else Wrong(ref reader, ref faults, "'after' has an entry that is no entity id with a sequence.", next);
        }
    }

    static long? Number(ref Utf8JsonReader reader, long least, long most) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= least && number <= most ? number : null;

    static void Wrong(ref Utf8JsonReader reader, ref MessageFaults faults, string message, string next, string code = ErrorCodes.BadMessage)
    {
        faults.Add(message, next, code);
        reader.Skip();
    }
}
