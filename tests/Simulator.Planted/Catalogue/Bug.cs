#if PLANTED_BUGS
using System.Reflection;

namespace Evergrain.Simulator.Planted;

/// <summary>A bug of the catalogue: planted in this assembly's copy of the sources, and asleep until it is switched on by name.</summary>
/// <param name="Promises">Those that it breaks: one of their checkers is to catch it.</param>
/// <param name="Why">What is wrong, in a sentence.</param>
internal sealed record Bug(string Name, IReadOnlyList<string> Promises, string Why)
{
    const string Ending = ".bug";

    // Runs play beside each other, each on its own thread.
    [ThreadStatic] static string? on;

    /// <summary>Every bug, by name.</summary>
    public static IReadOnlyList<Bug> All { get; } = [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.EndsWith(Ending, StringComparison.Ordinal)).Select(Read).OrderBy(bug => bug.Name, StringComparer.Ordinal)];

    /// <summary>What the planted pieces of source ask.</summary>
    public static bool IsOn(string name) => ReferenceEquals(on, name);

    /// <summary>On this thread, until another is; null: none.</summary>
    public static void Switch(Bug? bug) => on = bug is null ? null : string.Intern(bug.Name);

    static Bug Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        var head = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line && !line.StartsWith("--- ", StringComparison.Ordinal))
            if (line.Split(": ", 2) is [var key, var value]) head[key] = value.Trim();
        return new Bug(resource[..^Ending.Length], head["promise"].Split(", "), head["why"]);
    }
}
#endif
