using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Evergrain.Core.Rollouts;

/// <summary>The cluster record and its history as JSON: the one form for every store that keeps bytes. Pure.</summary>
/// <remarks>The etag is the store's own and no part of it. Everything that cannot be read is a <see cref="FormatException"/> that says what.</remarks>
public static class ClusterFormat
{
    public static string Encode(ClusterRecord record) => JsonSerializer.Serialize(record with { Etag = "" }, ClusterJson.Default.ClusterRecord);
    public static string Encode(Release release) => JsonSerializer.Serialize(release, ClusterJson.Default.Release);
    public static string Encode(Rollout rollout) => JsonSerializer.Serialize(rollout, ClusterJson.Default.Rollout);

    public static ClusterRecord Record(string json, string etag) => Decode(json, ClusterJson.Default.ClusterRecord, "the cluster record") with { Etag = etag };
    public static Release Release(string json) => Decode(json, ClusterJson.Default.Release, "a release");
    public static Rollout Rollout(string json) => Decode(json, ClusterJson.Default.Rollout, "a rollout");

    static T Decode<T>(string json, JsonTypeInfo<T> type, string what) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new FormatException($"What should be {what} is null.");
        }
        catch (JsonException malformed)
        {
            throw new FormatException($"What should be {what} cannot be read: {malformed.Message}", malformed);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(ClusterRecord))]
[JsonSerializable(typeof(Release))]
[JsonSerializable(typeof(Rollout))]
internal sealed partial class ClusterJson : JsonSerializerContext;
