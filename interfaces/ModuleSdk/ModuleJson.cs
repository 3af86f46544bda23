using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Evergrain.ModuleSdk;

/// <summary>The module's own source-generated JSON: every type that crosses as bytes is found here. Reflection is never used, since
/// it would keep the module's code alive after a reload.</summary>
public sealed class ModuleJson
{
    static readonly byte[] EmptyObject = "{}"u8.ToArray();
    readonly List<JsonSerializerContext> contexts = [];
    readonly Dictionary<Type, string> events = [];
    readonly Dictionary<Type, object> dataSets = [];

    internal void Add(JsonSerializerContext context) => contexts.Add(context);
    internal bool TryAddEvent(Type type, string name) => events.TryAdd(type, name);
    internal bool TryAddDataSet<T>(string name, JsonTypeInfo<T> typeInfo) where T : class => dataSets.TryAdd(typeof(T), new DataSetReader<T>(name, typeInfo));

    internal JsonTypeInfo<T>? Find<T>()
    {
        foreach (var context in contexts)
            if (context.GetTypeInfo(typeof(T)) is JsonTypeInfo<T> typeInfo) return typeInfo;
        return null;
    }

    internal DataSetReader<T> DataSet<T>() where T : class =>
        dataSets.TryGetValue(typeof(T), out var reader) ? (DataSetReader<T>)reader
            : throw new InvalidOperationException($"{typeof(T).Name} is no data set of this module: declare it with module.Data<{typeof(T).Name}>(\"name\").");

    internal string EventName<T>() =>
        events.TryGetValue(typeof(T), out var name) ? name
            : throw new InvalidOperationException($"{typeof(T).Name} is no event of this module: declare it with Event<{typeof(T).Name}>(\"name\").");

    internal byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Get<T>());
    internal T Read<T>(ReadOnlyMemory<byte> bytes) => Read(bytes, Get<T>());

    internal static T Read<T>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<T> typeInfo) =>
        JsonSerializer.Deserialize(bytes.IsEmpty ? EmptyObject : bytes.Span, typeInfo)
            ?? throw new JsonException($"null is no {typeof(T).Name}.");

    JsonTypeInfo<T> Get<T>() => Find<T>() ?? throw new InvalidOperationException(MissingType(typeof(T)));

    internal static string MissingType(Type type) =>
        $"{type.Name} is in no JSON context of this module: add [JsonSerializable(typeof({type.Name}))] to the context given to module.Json(…).";
}

/// <summary>Decodes a data set once per version and keeps the latest.</summary>
internal sealed class DataSetReader<T>(string name, JsonTypeInfo<T> typeInfo) where T : class
{
    Decoded? latest;

    public string Name { get; } = name;

    public T Read(byte[] bytes)
    {
        var seen = Volatile.Read(ref latest);
        if (seen is not null && ReferenceEquals(seen.Bytes, bytes)) return seen.Value;
        var value = ModuleJson.Read(bytes, typeInfo);
        Volatile.Write(ref latest, new Decoded(bytes, value));
        return value;
    }

    sealed record Decoded(byte[] Bytes, T Value);
}
