#if PLANTED_BUGS
using System.Reflection;

namespace Evergrain.Simulator.Planted;

/// <summary>A bug of the catalogue: planted in this assembly's copy of the sources, and asleep until it is switched on by name.</summary>
/// <param name="Promises">Those that it breaks: one of their checkers is to catch it. None for what brings every run to the same end.</param>
/// <param name="Why">What is wrong, in a sentence.</param>
internal sealed record Bug(string Name, IReadOnlyList<string> Promises, string Why)
{
    const string Ending = ".bug";

    // Runs play beside each other, each on its own thread.
    [ThreadStatic] static string? on;
    static string? everywhere;

    static readonly IReadOnlyList<Bug> planted = [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.EndsWith(Ending, StringComparison.Ordinal)).Select(Read).OrderBy(bug => bug.Name, StringComparer.Ordinal)];

    /// <summary>Every bug of the catalogue, by name: those that break a promise.</summary>
    public static IReadOnlyList<Bug> All { get; } = [.. planted.Where(bug => bug.Promises.Count > 0)];

    /// <summary>Of the catalogue, or one that brings every run to the same end.</summary>
    public static Bug? Find(string name) => planted.FirstOrDefault(bug => bug.Name == name);

    /// <summary>What the planted pieces of source ask.</summary>
    public static bool IsOn(string name) => ReferenceEquals(on ?? everywhere, name);

    /// <summary>On this thread, until another is; null: none.</summary>
    public static void Switch(Bug? bug) => on = bug is null ? null : string.Intern(bug.Name);

    /// <summary>On every thread on which no other is, as long as the process lives.</summary>
    public static void SwitchEverywhere(Bug bug) => everywhere = string.Intern(bug.Name);

    static Bug Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        var head = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line && !line.StartsWith("--- ", StringComparison.Ordinal))
            if (line.Split(": ", 2) is [var key, var value]) head[key] = value.Trim();
        return new Bug(resource[..^Ending.Length], head.TryGetValue("promise", out var promises) ? promises.Split(", ") : [], head["why"]);
    }
}
#endif
