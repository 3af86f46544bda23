using System.Text.Json.Serialization;
using Evergrain.ModuleSdk;

namespace Evergrain.Core.Tests.Entities.Lab;

public sealed record Box(int Count, string[] Log)
{
    public static readonly Box Empty = new(0, []);
    public Box Add(int amount) => this with { Count = Count + amount };
    public Box Note(string line) => this with { Log = [.. Log, line] };
}

public sealed record Box2(int Total, string[] Log, string? Colour = null);
public sealed record Box3(long Sum, string[] Log);
public sealed record Marks(int Made);
public sealed record Marks2(int Made, int Lost);
public sealed record Amount(int Value);
public sealed record Text(string Value);
public sealed record Ask(string To, string Operation, int Value, bool Catch = false);
public sealed record Plan(string Operation, int Value, long Frames, int Priority = 0, long Expires = -1, bool Every = false);
public sealed record Wish(string Mode, string To);
public sealed record Told(int Count);
public sealed record Prices(int Sword);
public sealed record Word(string Value);

[JsonSerializable(typeof(Box))]
[JsonSerializable(typeof(Box2))]
[JsonSerializable(typeof(Box3))]
[JsonSerializable(typeof(Marks))]
[JsonSerializable(typeof(Marks2))]
[JsonSerializable(typeof(Amount))]
[JsonSerializable(typeof(Text))]
[JsonSerializable(typeof(Ask))]
[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(Wish))]
[JsonSerializable(typeof(Told))]
[JsonSerializable(typeof(Prices))]
[JsonSerializable(typeof(Word))]
[JsonSerializable(typeof(Nothing))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class LabJson : JsonSerializerContext;
