namespace Evergrain.Cli;

/// <summary>How this program is called where it was started, so that what it tells to type can be typed: <c>evergrain</c>, unless a launcher
/// says otherwise.</summary>
internal static class ProgramName
{
    /// <summary>Set by the launchers of a clone, such as to <c>./evergrain</c>.</summary>
    public const string Variable = "EVERGRAIN_COMMAND";

    public const string Plain = "evergrain";

    public static string AsStarted { get; } = Environment.GetEnvironmentVariable(Variable) is { } name && !string.IsNullOrWhiteSpace(name) ? name : Plain;
}
