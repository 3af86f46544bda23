using System.Text.Json;
using Evergrain.Contracts;

namespace Evergrain.Client;

/// <summary>One message of the server, read. Which members are set tells what it is.</summary>
internal struct ServerMessage
{
    public long? Id;
    public byte[]? Result;
    public bool Raw;
    public CallError? Error;
    public ModuleId Module;
    public long Epoch;
    public string? Event;
    public EntityId Entity;
    public bool IsGap;
    public long Sequence;
    public long First;
    public long Last;
    public byte[]? Data;
    public string? Welcome;
    public string? Resumed;
    public HashSet<long>? InFlight;

    public readonly CallReply Reply() => new() { Error = Error, Result = Result, Raw = Raw, Module = Module, Epoch = Epoch };
}

/// <summary>Reads server messages straight from the receive buffer. One for each connection, not thread-safe. Members that it does not know are read over.</summary>
internal sealed class ServerMessageReader
{
    byte[] lastVersion = [];
    ModuleId lastModule;

    /// <exception cref="JsonException">The message is not JSON of the shape that the server sends.</exception>
    public ServerMessage Read(ReadOnlySpan<byte> utf8)
    {
        var message = default(ServerMessage);
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("The server sent no JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8)) message.Id = Number(ref reader);
            else if (reader.ValueTextEquals("ok"u8)) message.Result = Copy(ref reader, utf8);
            else if (reader.ValueTextEquals("version"u8)) message.Module = Module(ref reader);
            else if (reader.ValueTextEquals("epoch"u8)) message.Epoch = Number(ref reader);
            else Rare(ref reader, utf8, ref message);
        }
        return message;
    }

    static void Rare(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, ref ServerMessage message)
    {
        var name = reader.GetString();
        switch (name)
        {
            case "event": message.Event = Text(ref reader); break;
            case "from": message.Entity = EntityId.TryParse(Text(ref reader), out var from) ? from : default; break;
            case "seq": message.Sequence = Number(ref reader); break;
            case "data": message.Data = Copy(ref reader, utf8); break;
            case "gap":
                message.IsGap = EntityId.TryParse(Text(ref reader), out message.Entity);
                break;
            case "first": message.First = Number(ref reader); break;
            case "last": message.Last = Number(ref reader); break;
            case "error":
                reader.Read();
                message.Error = JsonSerializer.Deserialize(ref reader, ContractsJson.Default.CallError);
                break;
            case "raw":
                reader.Read();
                (message.Result, message.Raw) = (reader.GetBytesFromBase64(), true);
                break;
            case "welcome": message.Welcome = Text(ref reader); break;
            case "resumed": message.Resumed = Text(ref reader); break;
            case "inFlight": message.InFlight = Numbers(ref reader); break;
            default:
                reader.Read();
                reader.Skip();
                break;
        }
    }

    ModuleId Module(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.ValueSpan.SequenceEqual(lastVersion)) return lastModule;
        lastModule = ModuleId.Parse(reader.GetString() ?? "");
        lastVersion = reader.ValueSpan.ToArray();
        return lastModule;
    }

    static HashSet<long> Numbers(ref Utf8JsonReader reader)
    {
        var numbers = new HashSet<long>();
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.Number) numbers.Add(reader.GetInt64());
        return numbers;
    }

    static long Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetInt64();
    }

    static string Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString() ?? "";
    }

    static byte[] Copy(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return utf8[start..(int)reader.BytesConsumed].ToArray();
    }
}
