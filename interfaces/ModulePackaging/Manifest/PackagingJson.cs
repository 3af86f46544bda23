using System.Text.Json;
using System.Text.Json.Serialization;

namespace Evergrain.ModulePackaging;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(ModuleManifest))]
[JsonSerializable(typeof(PackageSignature))]
[JsonSerializable(typeof(Sample))]
internal sealed partial class PackagingJson : JsonSerializerContext;
