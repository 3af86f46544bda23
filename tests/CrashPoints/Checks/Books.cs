using Evergrain.Contracts;
using Evergrain.CrashPoints.Play;

namespace Evergrain.CrashPoints.Checks;

/// <summary>Holds what entities hold against what callers were told.</summary>
internal sealed class Books
{
    readonly IReadOnlyList<Deed> deeds;
    readonly IReadOnlyDictionary<EntityId, Holding> holdings;
    readonly Dictionary<(EntityId Entity, string Id), int> applied;

    public Books(IReadOnlyList<Deed> deeds, IEnumerable<Holding> holdings)
    {
        (this.deeds, this.holdings) = (deeds, holdings.ToDictionary(holding => holding.Id));
        applied = this.holdings.Values.SelectMany(holding => holding.Applied.Select(id => (holding.Id, id))).CountBy(one => one).ToDictionary();
    }

    /// <summary>What is still on its way: sends and scheduled calls that were acknowledged and have not come.</summary>
    public IEnumerable<string> Missing() =>
    [
        .. holdings.Values.Where(holding => holding.Waiting > 0).Select(holding => $"{holding.Id} still has {holding.Waiting} sends or scheduled calls"),
        .. deeds.Where(deed => Follows(deed) && Times(Target(deed), deed.Following) == 0).Select(deed => $"what follows from {deed} has not come to {deed.To}"),
        .. Guests().Where(guest => guest.Found == 0).Select(guest => $"what follows from {guest.Gift} is neither in {guest.Gift.To} nor was it passed on"),
    ];

    /// <summary>What must not be, once nothing is on its way any more.</summary>
    public IEnumerable<string> Wrong() => [.. Unacknowledged(), .. Doubled(), .. Strange(), .. Missing(), .. Gold()];

    // An answer says what is stored. Tallies may lose what is younger than their interval: they are judged by themselves.
    IEnumerable<string> Unacknowledged() => deeds.Where(deed => deed.Entity.Kind == "purse" && deed.Operation != Game.Close && !IsGuest(deed.Entity))
        .Where(deed => Times(deed.Entity, deed.Id) != (deed.End == DeedEnd.Done ? 1 : 0))
        .Select(deed => $"{deed} stands {Times(deed.Entity, deed.Id)} times in its purse");

    IEnumerable<string> Doubled() =>
    [
        .. applied.Where(one => one.Value > 1).Select(one => $"{one.Key.Id} stands {one.Value} times in {one.Key.Entity}"),
        .. Guests().Where(guest => guest.Found > 1).Select(guest => $"what follows from {guest.Gift} is in {guest.Gift.To}, and was passed on"),
    ];

    // A guest's purse gets gold once. It keeps it until it is closed, and then it is passed on, whatever became of the answer to who closed it.
    IEnumerable<(Deed Gift, int Found)> Guests()
    {
        var closed = deeds.Where(deed => deed.Operation == Game.Close).ToDictionary(deed => deed.Entity);
        foreach (var gift in deeds.Where(deed => deed.To is { } to && IsGuest(Game.Purse(to)) && Times(deed.Entity, deed.Id) > 0))
            yield return (gift, Times(Target(gift), gift.Following) + (closed.GetValueOrDefault(Target(gift)) is { } close ? Times(Target(close), close.Following) : 0));
    }

    // What nobody asked for, and what follows from a deed that is not there.
    IEnumerable<string> Strange()
    {
        var known = deeds.ToDictionary(deed => deed.Id);
        foreach (var (entity, id) in applied.Keys)
        {
            var follows = id.EndsWith('>');
            if (!known.TryGetValue(follows ? id[..^1] : id, out var deed)) yield return $"{id} stands in {entity}, and nobody asked for it";
            else if (entity != (follows ? Target(deed) : deed.Entity)) yield return $"{id} stands in {entity}, where it does not belong";
            else if (follows && deed.Operation != Game.Close && !IsGuest(deed.Entity) && Times(deed.Entity, deed.Id) == 0) yield return $"{id} stands in {entity}, and {deed} does not stand in its own entity";
        }
    }

    IEnumerable<string> Gold()
    {
        var made = deeds.Where(deed => deed.MakesGold && Times(deed.Entity, deed.Id) > 0).Sum(deed => (decimal)deed.Gold);
        var there = holdings.Values.Sum(holding => holding.Gold);
        if (made != there) yield return $"{made} gold was made, and {there} is there";
        foreach (var holding in holdings.Values.Where(holding => holding.Gold < 0)) yield return $"{holding.Id} holds {holding.Gold} gold";
    }

    // A guest's purse may have been closed, and what it held with it.
    bool Follows(Deed deed) => deed.To is { } to && !IsGuest(Game.Purse(to)) && (deed.Operation == Game.Close ? deed.End == DeedEnd.Done : Times(deed.Entity, deed.Id) > 0);

    int Times(EntityId entity, string id) => applied.GetValueOrDefault((entity, id));
    static EntityId Target(Deed deed) => Game.Purse(deed.To ?? deed.Entity.Key);
    static bool IsGuest(EntityId entity) => entity.Key.StartsWith('g');
}
