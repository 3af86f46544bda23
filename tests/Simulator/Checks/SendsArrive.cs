using System.Text.Json;
using Evergrain.Core.State;
using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks;

/// <summary>P5, for what is on its way: a send stands in the record together with the turn that made it, and leaves it only once it has arrived;
/// so gold is neither made nor lost.</summary>
internal sealed class SendsArrive(Known known) : Checker("P5")
{
    public static Credit? CreditOf(OutboxEntry entry) => entry.Operation == "wallet.credit" ? JsonSerializer.Deserialize(entry.Arguments.Span, GameJson.Default.Credit) : null;

    public override void See(Observation observation)
    {
        if (observation is not EntityStored { After: { } after } stored) return;
        foreach (var change in known.Entities.Changes)
        foreach (var id in change.Added)
            if (known.Changes.Find(id) is { Gold: < 0 } && !after.Extras.Outbox.Values.Any(entry => CreditOf(entry)?.Id == $"{id}>"))
                Broken(stored.At, $"{id} took gold from {after.Id}, and what it sends is not stored with it.");
        if (stored.Before is { } before && !ReferenceEquals(before.Extras.Outbox, after.Extras.Outbox)) Leave(stored, before, after);
    }

    public override void AtEnd(Outcome outcome)
    {
        var made = known.Changes.All.Where(change => change is { Gold: > 0, IsFollowing: false } && IsApplied(change)).Sum(change => change.Gold);
        var there = known.Entities.All.SelectMany(entity => entity.Slices).Sum(slice => slice.Copper ?? 0) / 100;
        var moving = outcome.Entities.SelectMany(entity => entity.Extras.Outbox.Values).Select(CreditOf).OfType<Credit>()
            .Where(credit => known.Changes.Find(credit.Id) is { } sent && !IsApplied(sent)).Sum(credit => credit.Gold);
        var buried = known.Entities.Buried / 100;
        if (made != there + moving + buried) Broken(outcome.At, $"{made} gold was credited; {there} is there, {moving} on its way, and {buried} was destroyed with its wallets.");
    }

    void Leave(EntityStored stored, EntityRecord before, EntityRecord after)
    {
        if (after.Extras.LastSendNumber < before.Extras.LastSendNumber) Broken(stored.At, $"the sends of {after.Id} are numbered from {after.Extras.LastSendNumber} again; they were at {before.Extras.LastSendNumber}.");
        foreach (var (number, entry) in before.Extras.Outbox)
            if (!after.Extras.Outbox.ContainsKey(number) && CreditOf(entry) is { } credit && known.Entities.Find(entry.To)?.Applied.Contains(credit.Id) != true)
                Broken(stored.At, $"{after.Id} takes {credit.Id} for arrived, and it is not stored in {entry.To}.");
    }

    bool IsApplied(AskedChange change) => known.Entities.Find(change.Entity)?.Applied.Contains(change.Id) == true;
}
