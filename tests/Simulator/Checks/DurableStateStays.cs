using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks;

/// <summary>P5: acknowledged durable state is not lost, and gold is neither made nor lost.</summary>
internal sealed class DurableStateStays() : Checker("P5")
{
    readonly HashSet<string> acknowledged = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> credits = new(StringComparer.Ordinal);

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case CallBegan { Request.Operation: "wallet.credit" } began:
                var credit = Changes.Credit(began.Request);
                credits[credit.Id] = credit.Gold;
                break;
            case CallEnded { Reply.Ok: true, Request.Entity.Kind: "wallet" } ended when Changes.IdOf(ended.Request) is { } id:
                acknowledged.Add(id);
                break;
        }
    }

    public override void AtEnd(Outcome outcome)
    {
        var applied = outcome.Entities.SelectMany(StoredState.Applied).ToHashSet(StringComparer.Ordinal);
        foreach (var id in acknowledged.Where(id => !applied.Contains(id))) Broken(outcome.At, $"{id} was acknowledged and is lost.");
        var (made, there) = (credits.Where(credit => applied.Contains(credit.Key)).Sum(credit => credit.Value), outcome.Entities.Sum(StoredState.Gold));
        var moving = outcome.Entities.SelectMany(StoredState.OnItsWay).Where(credit => !applied.Contains(credit.Id)).Sum(credit => credit.Gold);
        if (made != there + moving) Broken(outcome.At, $"{made} gold was credited; {there} is there and {moving} on its way.");
    }
}
