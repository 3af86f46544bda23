using System.Text.Json.Serialization;

namespace Evergrain.Contracts;

/// <summary>Whether effects of a call that ended in an error may stand. A caller may resend after <see cref="No"/>;
/// after <see cref="Unknown"/> only with the same idempotency key.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Ran>))]
public enum Ran
{
    /// <summary>No effect of the call stands: it never started, or its turn was dropped as a whole.</summary>
    [JsonStringEnumMemberName("no")] No,
    /// <summary>The call took effect; only its reply could not be given.</summary>
    [JsonStringEnumMemberName("yes")] Yes,
    /// <summary>It may have taken effect, or calls that it awaited have.</summary>
    [JsonStringEnumMemberName("unknown")] Unknown,
}
