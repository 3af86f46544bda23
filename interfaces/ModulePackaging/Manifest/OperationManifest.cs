using System.Text.Json;
using System.Text.Json.Serialization;
using Evergrain.ModuleSdk;

namespace Evergrain.ModulePackaging;

/// <summary>One operation as frontends and other modules see it.</summary>
public sealed record OperationManifest
{
    /// <summary><c>module.operation</c>.</summary>
    public required string Name { get; init; }
    public required string Kind { get; init; }

    [JsonConverter(typeof(JsonStringEnumConverter<Audience>))]
    public Audience Audience { get; init; }

    /// <summary>Arguments and result are bytes of the module's own, without schemas.</summary>
    public bool Raw { get; init; }
    public bool MayAwait { get; init; }
    public JsonElement? Arguments { get; init; }
    public JsonElement? Result { get; init; }
}
