using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Evergrain.Contracts;

namespace Evergrain.Cli.Ops;

/// <summary>The ops messages as this side reads and prints them: members that a newer server added are passed over,
/// those that are left out because they are null are null, and what is printed is indented for people.</summary>
internal static class OpsJson
{
    public static readonly ContractsJson Lenient = new(new JsonSerializerOptions(ContractsJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        RespectRequiredConstructorParameters = false,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
