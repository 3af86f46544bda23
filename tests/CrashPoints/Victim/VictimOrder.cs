using System.Text.Json;
using Evergrain.CrashPoints.Points;

namespace Evergrain.CrashPoints.Victim;

/// <summary>What a process is started for.</summary>
/// <param name="Data">As <c>--data</c> of the host.</param>
/// <param name="Packages">As <c>--packages</c> of the host.</param>
/// <param name="Point">Where it is to be killed; null: by nobody of its own.</param>
/// <param name="Tooth">What its stores lie about, to prove that the checks see it.</param>
internal sealed record VictimOrder(string Data, string Packages, CrashPoint? Point, Tooth Tooth)
{
    /// <summary>The first argument of a process that is a victim; the order is the second.</summary>
    public const string Verb = "victim";

    /// <summary>What the process says before it dies, before the JSON of <see cref="Struck"/>.</summary>
    public const string StruckLine = "struck ";

    /// <summary>What the process hears once it has recovered: from now on calls count.</summary>
    public const string ArmLine = "arm";

    /// <summary>Shorter than the host's second, so that a short play sees many.</summary>
    public static readonly TimeSpan WriteInterval = TimeSpan.FromMilliseconds(200);

    public string[] Arguments() => [Verb, JsonSerializer.Serialize(this)];

    public static VictimOrder Parse(string order) => JsonSerializer.Deserialize<VictimOrder>(order) ?? throw new FormatException("The order is empty.");
}
