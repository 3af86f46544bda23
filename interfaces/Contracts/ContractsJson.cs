using System.Text.Json.Serialization;
using Evergrain.Contracts.Ops;

namespace Evergrain.Contracts;

/// <summary>Source-generated JSON of everything that crosses the ops door: camelCase, null left out; what is left out is read as null again.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CallError))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(PackageReceipt))]
[JsonSerializable(typeof(IReadOnlyList<PackageReceipt>))]
[JsonSerializable(typeof(RolloutRequest))]
[JsonSerializable(typeof(UndoRequest))]
[JsonSerializable(typeof(AbortRequest))]
[JsonSerializable(typeof(RolloutAccepted))]
[JsonSerializable(typeof(RolloutStatus))]
[JsonSerializable(typeof(IReadOnlyList<ReleaseStatus>))]
[JsonSerializable(typeof(ClusterStatus))]
[JsonSerializable(typeof(EntityList))]
[JsonSerializable(typeof(EntityView))]
[JsonSerializable(typeof(QuarantineList))]
[JsonSerializable(typeof(QuarantineOutcome))]
[JsonSerializable(typeof(OperatorReason))]
[JsonSerializable(typeof(ExportPage))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(StateReport))]
[JsonSerializable(typeof(OpsEvent))]
public sealed partial class ContractsJson : JsonSerializerContext;
