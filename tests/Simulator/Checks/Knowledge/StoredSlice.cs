using System.Text.Json;
using Evergrain.Core.State;

namespace Evergrain.Simulator.Checks.Knowledge;

/// <summary>What the game keeps in one slice, whatever its schema.</summary>
internal sealed class StoredSlice
{
    const int CopperPerGold = 100;

    StoredSlice(SliceRecord record, string[] applied, bool extends) => (Record, Applied, Extends) = (record, applied, extends);

    public SliceRecord Record { get; }

    /// <summary>The ids of the changes that were applied, in order.</summary>
    public string[] Applied { get; }

    /// <summary>All that the slice held before stands in it, in the same order.</summary>
    public bool Extends { get; }

    /// <summary>In the smallest unit; null for what is no wallet.</summary>
    public long? Copper { get; private set; }

    /// <summary>Null where it is not kept.</summary>
    public int? Score { get; private set; }
    public string? Note { get; private set; }
    public bool Gap { get; private set; }
    public long Frames { get; private set; }

    public static StoredSlice Read(SliceRecord slice, StoredSlice? before)
    {
        string[] applied = [];
        var extends = true;
        long? copper = null;
        int? score = null;
        string? note = null;
        var gap = false;
        var frames = 0L;
        var reader = new Utf8JsonReader(slice.Bytes);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("applied"u8)) applied = ReadIds(ref reader, before?.Applied ?? [], out extends);
            else if (reader.ValueTextEquals("gold"u8)) copper = ReadLong(ref reader) * CopperPerGold;
            else if (reader.ValueTextEquals("copper"u8)) copper = ReadLong(ref reader);
            else if (reader.ValueTextEquals("score"u8)) score = (int)ReadLong(ref reader);
            else if (reader.ValueTextEquals("frames"u8)) frames = ReadLong(ref reader);
            else if (reader.ValueTextEquals("note"u8))
            {
                reader.Read();
                note = reader.GetString();
            }
            else if (reader.ValueTextEquals("gap"u8))
            {
                reader.Read();
                gap = reader.GetBoolean();
            }
            else reader.Skip();
        }
        return new StoredSlice(slice, applied, extends) { Copper = copper, Score = score, Note = note, Gap = gap, Frames = frames };
    }

    // Nearly always they are those of before, with one more.
    static string[] ReadIds(ref Utf8JsonReader reader, string[] before, out bool extends)
    {
        var ids = new List<string>(before.Length + 1);
        extends = true;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            var i = ids.Count;
            var same = i < before.Length && reader.ValueTextEquals(before[i]);
            extends &= same || i >= before.Length;
            ids.Add(same ? before[i] : reader.GetString()!);
        }
        extends &= ids.Count >= before.Length;
        return extends && ids.Count == before.Length ? before : [.. ids];
    }

    static long ReadLong(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetInt64();
    }
}
