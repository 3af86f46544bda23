using Evergrain.CrashPoints.Play;
using Evergrain.CrashPoints.Points;
using Evergrain.CrashPoints.Victim;

namespace Evergrain.CrashPoints.Checks;

/// <summary>What is not written before each reply may be lost, but only the last of it, only what is younger than the interval where there is one, and nothing
/// that was saved or sent.</summary>
internal sealed class Tallies(Journal journal)
{
    static readonly TimeSpan Unseen = TimeSpan.FromMilliseconds(100); // between the two ends of a measured step
    readonly HashSet<string> lost = [];
    readonly List<Struck?> crashes = [];

    /// <summary>What a crash has lost, of all tallies and sketches.</summary>
    public int Lost => lost.Count;

    /// <summary>A host has died.</summary>
    /// <param name="struck">When, and how far it was behind; null when nobody knows.</param>
    public void Crashed(Struck? struck)
    {
        crashes.Add(struck);
        journal.Died();
    }

    /// <param name="first">As it stood after the crash, before anybody called it.</param>
    public IEnumerable<string> Look(Holding first)
    {
        // One chain calls one list, one call after the other: their order is known.
        var deeds = journal.Deeds.Where(deed => deed.Entity == first.Id && deed.End != DeedEnd.Refused && !lost.Contains(deed.Id)).ToList();
        if (!first.Applied.SequenceEqual(deeds.Take(first.Applied.Count).Select(deed => deed.Id)))
        {
            yield return $"{first.Id} holds {string.Join(" ", first.Applied)}, which is no beginning of {string.Join(" ", deeds.Select(deed => deed.Id))}";
            yield break;
        }
        foreach (var deed in deeds.Skip(first.Applied.Count).Where(deed => deed.End == DeedEnd.Done))
        {
            lost.Add(deed.Id);
            if (deed.Operation is Game.Save or Game.Keep) yield return $"{deed} is lost, though it was to be saved";
            // Its timer was late, its write waited, and its write took its time: none of them longer than the slowest that was seen.
            else if (first.Id.Kind == "tally" && crashes[deed.By] is { } struck && struck.At - deed.At > VictimOrder.WriteInterval + Unseen + 3 * TimeSpan.FromMilliseconds(struck.SlowestMs))
                yield return $"{deed} is lost, {(struck.At - deed.At).TotalMilliseconds:0} ms old, and the slowest step took {struck.SlowestMs:0} ms";
        }
    }
}
