using System.Buffers;
using System.Text;
using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Core.State.Format;

namespace Evergrain.Core.Operators;

/// <summary>A record as one line of JSON, for export and import. Pure.</summary>
/// <remarks>
/// <c>{"entity":"battle/room-17","slices":[{"module","schema","version","epoch","state":{…}}],"rest":"…"}</c>: states are there to be read and mended by
/// people; a state that is no JSON on one line is <c>"bytes"</c> in base64 instead. <c>rest</c> is everything else (schedule, outbox, remembered answers,
/// frames) in the form of the stores, in base64; without it the entity begins with its states alone.
/// </remarks>
public static class RecordLine
{
    const int MostNested = 256;

    public static string Encode(EntityRecord record)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var to = new Utf8JsonWriter(bytes, new JsonWriterOptions { SkipValidation = true }))
        {
            to.WriteStartObject();
            to.WriteString("entity"u8, record.Id.ToString());
            to.WriteStartArray("slices"u8);
            foreach (var slice in record.Slices) Write(to, slice);
            to.WriteEndArray();
            to.WriteBase64String("rest"u8, RecordFormat.Encode(record with { Slices = [.. record.Slices.Select(slice => slice with { Bytes = [] })] }));
            to.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <exception cref="FormatException">The line is no record; it says why.</exception>
    public static EntityRecord Decode(string line)
    {
        try
        {
            using var parsed = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = MostNested });
            return Record(parsed.RootElement);
        }
        catch (JsonException malformed)
        {
            throw new FormatException($"It is no JSON: {malformed.Message}", malformed);
        }
        catch (UnreadableRecordException unreadable)
        {
            throw new FormatException($"Its 'rest' cannot be read: {unreadable.Record.Why}", unreadable);
        }
    }

    static EntityRecord Record(JsonElement line)
    {
        MustHaveOnly(line, "The line", "entity", "slices", "rest");
        if (!EntityId.TryParse(Text(line, "entity"), out var id)) throw new FormatException("Its 'entity' is not an entity id: write it kind/key, as in battle/room-17.");
        var rest = line.TryGetProperty("rest", out _) ? RecordFormat.Decode(id, "", Base64(line, "rest"))
            : new EntityRecord { Id = id, Epoch = 0, WriteId = Guid.Empty, Created = true };
        if (!line.TryGetProperty("slices", out var slices) || slices.ValueKind != JsonValueKind.Array) throw new FormatException("Its 'slices' are no array.");
        SliceRecord[] read = [.. slices.EnumerateArray().Select(Slice)];
        if (read.GroupBy(slice => slice.Module).FirstOrDefault(group => group.Count() > 1) is { } twice) throw new FormatException($"It has two slices of {twice.Key}.");
        return rest with { Slices = [.. read.Select(slice => slice with { Earlier = rest.Slices.FirstOrDefault(known => known.Module == slice.Module)?.Earlier ?? [] })] };
    }

    static SliceRecord Slice(JsonElement slice)
    {
        MustHaveOnly(slice, "A slice", "module", "schema", "version", "epoch", "state", "bytes");
        var module = Text(slice, "module");
        if (!EntityId.IsKind(module)) throw new FormatException($"'{module}' is no module.");
        var (schema, epoch) = (Number(slice, "schema"), slice.TryGetProperty("epoch", out _) ? Number(slice, "epoch") : 0);
        if (schema is < 1 or > int.MaxValue || epoch < 0) throw new FormatException($"The schema of {module} is {schema} and its epoch {epoch}; schemas count from 1, epochs from 0.");
        var bytes = slice.TryGetProperty("state", out var state) ? Encoding.UTF8.GetBytes(state.GetRawText()) : Base64(slice, "bytes");
        return new SliceRecord(module, (int)schema, bytes, Text(slice, "version"), epoch);
    }

    static void Write(Utf8JsonWriter to, SliceRecord slice)
    {
        to.WriteStartObject();
        to.WriteString("module"u8, slice.Module);
        to.WriteNumber("schema"u8, slice.Schema);
        to.WriteString("version"u8, slice.Version);
        to.WriteNumber("epoch"u8, slice.Epoch);
        if (IsJsonOnOneLine(slice.Bytes))
        {
            to.WritePropertyName("state"u8);
            to.WriteRawValue(slice.Bytes, skipInputValidation: true);
        }
        else to.WriteBase64String("bytes"u8, slice.Bytes);
        to.WriteEndObject();
    }

    // Byte for byte as they were, when they are read again.
    static bool IsJsonOnOneLine(byte[] bytes)
    {
        if (bytes.Length == 0 || bytes.AsSpan().ContainsAny((byte)'\n', (byte)'\r') || bytes[0] == ' ' || bytes[^1] == ' ') return false;
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MostNested - 8 });
        try
        {
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false; // A state in a codec of its own.
        }
    }

    static void MustHaveOnly(JsonElement value, string what, params ReadOnlySpan<string> names)
    {
        if (value.ValueKind != JsonValueKind.Object) throw new FormatException($"{what} is no object.");
        foreach (var member in value.EnumerateObject())
            if (!names.Contains(member.Name)) throw new FormatException($"{what} has a member '{member.Name}', which nobody knows.");
    }

    static string Text(JsonElement value, string name) => value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
        ? member.GetString()! : throw new FormatException($"'{name}' is missing, or no text.");

    static long Number(JsonElement value, string name) => value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var number)
        ? number : throw new FormatException($"'{name}' is missing, or no whole number.");

    static byte[] Base64(JsonElement value, string name) => value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String && member.TryGetBytesFromBase64(out var bytes)
        ? bytes : throw new FormatException($"'{name}' is missing, or no base64.");
}
