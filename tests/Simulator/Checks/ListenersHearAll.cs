using Evergrain.Contracts;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Checks;

/// <summary>P4, for those who listen for a while: they hear what is told meanwhile, in the same order as one who always listens, and nothing else.</summary>
internal sealed class ListenersHearAll() : Checker("P4")
{
    readonly Dictionary<EntityId, List<string>> listening = [];

    // Those who have yet to hear the event that was told last.
    readonly List<string> missing = [];
    GameEvent? told;

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case ListenerMoved moved:
                Move(moved);
                break;
            case FaultTook { Kind: FaultKind.Restore }:
                // Whoever listened at the time of the backup has gone since.
                listening.Clear();
                missing.Clear();
                break;
            case EventHeard heard:
                AllHeard(heard.At);
                told = heard.Event;
                if (listening.TryGetValue(told.From, out var all)) missing.AddRange(all);
                break;
            case EventPassed passed when !ReferenceEquals(passed.Event, told) || !missing.Remove(passed.Listener):
                Broken(passed.At, $"{passed.Listener} heard event {passed.Event.Sequence} of {passed.Event.From}, {(IsListening(passed) ? "which nobody else heard then" : "to which it does not listen")}.");
                break;
        }
    }

    public override void AtEnd(Outcome outcome) => AllHeard(outcome.At);

    bool IsListening(EventPassed passed) => listening.TryGetValue(passed.Event.From, out var all) && all.Contains(passed.Listener);

    void Move(ListenerMoved moved)
    {
        AllHeard(moved.At);
        if (!listening.TryGetValue(moved.Entity, out var all)) listening[moved.Entity] = all = [];
        if (moved.Listens) all.Add(moved.Listener);
        else all.Remove(moved.Listener);
    }

    void AllHeard(TimeSpan at)
    {
        foreach (var listener in missing) Broken(at, $"{listener} listens to {told!.From}, and did not hear event {told.Sequence}.");
        missing.Clear();
    }
}
