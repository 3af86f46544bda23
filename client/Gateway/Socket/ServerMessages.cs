using System.Text.Json;
using Evergrain.Contracts;

namespace Evergrain.Gateway.Socket;

/// <summary>Encodes what the gateway says. One encoder for each thread, so that connections cost no writer of their own.</summary>
internal sealed class ServerMessages
{
    [ThreadStatic] static ServerMessages? ofThisThread;

    readonly PooledWriter buffer = new();
    readonly Utf8JsonWriter json;
    ModuleId lastModule;
    JsonEncodedText lastModuleText;

    ServerMessages() => json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });

    public static PooledMessage Reply(long id, CallReply reply)
    {
        var to = Begin();
        to.json.WriteNumber("id"u8, id);
        if (reply.Error is { } error) to.Error(error);
        else if (reply.Raw) to.json.WriteBase64String("raw"u8, reply.Result.Span);
        else to.Json("ok"u8, reply.Result.Span);
        to.Origin(reply.Module, reply.Epoch);
        return to.End();
    }

    public static PooledMessage Done(long id)
    {
        var to = Begin();
        to.json.WriteNumber("id"u8, id);
        to.json.WriteStartObject("ok"u8);
        to.json.WriteEndObject();
        return to.End();
    }

    /// <param name="id">Null when the message that it answers named none that could be read.</param>
    public static PooledMessage Failed(long? id, CallError error)
    {
        var to = Begin();
        if (id is { } known) to.json.WriteNumber("id"u8, known);
        to.Error(error);
        return to.End();
    }

    public static PooledMessage Event(GameEvent happened)
    {
        var to = Begin();
        to.json.WriteString("event"u8, happened.Name);
        to.json.WriteString("from"u8, happened.From.ToString());
        to.json.WriteNumber("seq"u8, happened.Sequence);
        to.Json("data"u8, happened.Data.Span);
        to.Origin(happened.Module, happened.Epoch);
        return to.End();
    }

    public static PooledMessage Gap(EntityId entity, long first, long last)
    {
        var to = Begin();
        to.json.WriteString("gap"u8, entity.ToString());
        to.json.WriteNumber("first"u8, first);
        to.json.WriteNumber("last"u8, last);
        return to.End();
    }

    public static PooledMessage Pong(long? id)
    {
        var to = Begin();
        if (id is { } known) to.json.WriteNumber("id"u8, known);
        to.json.WriteBoolean("pong"u8, true);
        return to.End();
    }

    public static PooledMessage Welcome(string session, string player, GatewayOptions options)
    {
        var to = Begin();
        to.json.WriteString("welcome"u8, session);
        to.json.WriteString("player"u8, player);
        to.json.WriteNumber("maxMessageBytes"u8, options.MaxMessageBytes);
        to.json.WriteNumber("maxInFlight"u8, options.MaxInFlight);
        to.json.WriteNumber("resumeSeconds"u8, (long)options.ResumeWindow.TotalSeconds);
        return to.End();
    }

    public static PooledMessage Resumed(string session, IEnumerable<long> inFlight)
    {
        var to = Begin();
        to.json.WriteString("resumed"u8, session);
        to.json.WriteStartArray("inFlight"u8);
        foreach (var id in inFlight) to.json.WriteNumberValue(id);
        to.json.WriteEndArray();
        return to.End();
    }

    static ServerMessages Begin()
    {
        var encoder = ofThisThread ??= new ServerMessages();
        encoder.json.Reset();
        encoder.buffer.Discard();
        encoder.json.WriteStartObject();
        return encoder;
    }

    PooledMessage End()
    {
        json.WriteEndObject();
        json.Flush();
        return new PooledMessage(buffer.Take(out var length), length);
    }

    /// <summary>The bytes come from a module's own writer, so they are copied, not read again.</summary>
    void Json(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        json.WritePropertyName(name);
        if (value.IsEmpty) json.WriteNullValue();
        else json.WriteRawValue(value, skipInputValidation: true);
    }

    void Error(CallError error)
    {
        json.WritePropertyName("error"u8);
        JsonSerializer.Serialize(json, error, ContractsJson.Default.CallError);
    }

    void Origin(ModuleId module, long epoch)
    {
        if (module.Name is not null)
        {
            if (module != lastModule)
            {
                lastModule = module;
                lastModuleText = JsonEncodedText.Encode(module.ToString());
            }
            json.WriteString("version"u8, lastModuleText);
        }
        if (epoch > 0) json.WriteNumber("epoch"u8, epoch);
    }
}
