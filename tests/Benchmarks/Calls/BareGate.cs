using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using Evergrain.Contracts;

namespace Evergrain.Benchmarks.Calls;

/// <summary>The limit: entities in a dictionary, a lock for each, handlers in a dictionary, the same codec, nothing else.</summary>
internal sealed class BareGate : IEntityCaller
{
    readonly ConcurrentDictionary<EntityId, BareEntity> entities = new();
    readonly FrozenDictionary<string, Func<BareEntity, ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> handlers =
        new Dictionary<string, Func<BareEntity, ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>>
        {
            [SampleCall.Echo.Operation] = static (_, arguments) => arguments,
            [SampleCall.Cast.Operation] = static (entity, arguments) =>
            {
                var cast = JsonSerializer.Deserialize(arguments.Span, BareJson.Default.BareCast)!;
                return JsonSerializer.SerializeToUtf8Bytes(new BareResult(cast.Power * 2, cast.Skill.Length > 8, ++entity.Count), BareJson.Default.BareResult);
            },
        }.ToFrozenDictionary(StringComparer.Ordinal);

    public ValueTask<CallReply> Call(CallRequest request)
    {
        var entity = entities.GetOrAdd(request.Entity, static _ => new BareEntity());
        lock (entity) return new(new CallReply { Result = handlers[request.Operation](entity, request.Arguments) });
    }
}

internal sealed class BareEntity
{
    public int Count;
}

internal sealed record BareCast(string Skill, string Target, int Power);
internal sealed record BareResult(int Damage, bool Critical, int Casts);

[JsonSerializable(typeof(BareCast))]
[JsonSerializable(typeof(BareResult))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class BareJson : JsonSerializerContext;
