using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Evergrain.Contracts;

namespace Evergrain.Client;

/// <summary>Encodes what the client says. One encoder for each thread.</summary>
internal sealed class ClientMessages
{
    [ThreadStatic] static ClientMessages? ofThisThread;

    readonly PooledWriter buffer = new();
    readonly Utf8JsonWriter json;

    ClientMessages() => json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static OutgoingMessage Call(long id, EntityId entity, string operation, ReadOnlySpan<byte> arguments, bool raw, Guid? key, long epoch, TimeSpan? deadline)
    {
        var to = Begin();
        to.json.WriteNumber("id"u8, id);
        to.Entity("to"u8, entity);
        to.json.WriteString("op"u8, operation);
        if (raw) to.json.WriteBase64String("raw"u8, arguments);
        else if (!arguments.IsEmpty)
        {
            to.json.WritePropertyName("args"u8);
            to.json.WriteRawValue(arguments, skipInputValidation: true);
        }
        if (key is { } known) to.json.WriteString("key"u8, known);
        if (epoch > 0) to.json.WriteNumber("epoch"u8, epoch);
        if (deadline is { } span) to.json.WriteNumber("deadlineMs"u8, (long)span.TotalMilliseconds);
        return to.End();
    }

    public static OutgoingMessage Subscribe(long id, EntityId entity) => About(id, "subscribe"u8, entity);

    public static OutgoingMessage Unsubscribe(long id, EntityId entity) => About(id, "unsubscribe"u8, entity);

    public static OutgoingMessage Ping(long id)
    {
        var to = Begin();
        to.json.WriteNumber("id"u8, id);
        to.json.WriteBoolean("ping"u8, true);
        return to.End();
    }

    public static OutgoingMessage Resume(string session, IEnumerable<(EntityId Entity, long Last)> heard)
    {
        var to = Begin();
        to.json.WriteString("resume"u8, session);
        to.json.WriteStartObject("after"u8);
        foreach (var (entity, last) in heard) to.json.WriteNumber(entity.ToString(), last);
        to.json.WriteEndObject();
        return to.End();
    }

    public static OutgoingMessage Raw(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var rented = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(rented, 0);
        return new OutgoingMessage(rented, bytes.Length);
    }

    static OutgoingMessage About(long id, ReadOnlySpan<byte> what, EntityId entity)
    {
        var to = Begin();
        to.json.WriteNumber("id"u8, id);
        to.Entity(what, entity);
        return to.End();
    }

    static ClientMessages Begin()
    {
        var encoder = ofThisThread ??= new ClientMessages();
        encoder.json.Reset();
        encoder.buffer.Discard();
        encoder.json.WriteStartObject();
        return encoder;
    }

    OutgoingMessage End()
    {
        json.WriteEndObject();
        json.Flush();
        return new OutgoingMessage(buffer.Take(out var length), length);
    }

    void Entity(ReadOnlySpan<byte> name, EntityId entity)
    {
        Span<char> text = stackalloc char[EntityId.MaxKindLength + 1 + EntityId.MaxKeyLength];
        entity.Kind.CopyTo(text);
        text[entity.Kind.Length] = '/';
        entity.Key.CopyTo(text[(entity.Kind.Length + 1)..]);
        json.WriteString(name, text[..(entity.Kind.Length + 1 + entity.Key.Length)]);
    }
}
