using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks;

/// <summary>P2: nothing runs twice, and every error says truly whether its call ran.</summary>
internal sealed class RunsOnce() : Checker("P2")
{
    // By the id of the change: what its caller was last told.
    readonly Dictionary<string, List<CallReply>> told = new(StringComparer.Ordinal);

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case CallEnded ended when Changes.IdOf(ended.Request) is { } id:
                if (!told.TryGetValue(id, out var replies)) told[id] = replies = [];
                replies.Add(ended.Reply);
                break;
            case EntityStored { After: { } after } stored:
                Count(stored, after);
                break;
        }
    }

    public override void AtEnd(Outcome outcome)
    {
        var applied = outcome.Entities.SelectMany(StoredState.Applied).ToHashSet(StringComparer.Ordinal);
        foreach (var (id, replies) in told)
        {
            if (applied.Contains(id) && replies.TrueForAll(reply => reply.Error is { Ran: Ran.No })) Broken(outcome.At, $"{id} was answered 'did not run' each time, and stands in the state.");
            if (applied.Contains(id) && replies[^1].Error is { Code: ErrorCodes.Rejected }) Broken(outcome.At, $"{id} was refused by the rules, and stands in the state.");
        }
    }

    void Count(EntityStored stored, EntityRecord after)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in StoredState.Applied(after))
            if (!seen.Add(id)) Broken(stored.At, $"{id} was applied twice in {after.Id}.");
    }
}
