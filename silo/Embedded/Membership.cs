using System.Collections.Immutable;

namespace Evergrain.Embedded;

/// <summary>Which silos live, and which of them serve. One immutable view at a time; safe from any thread.</summary>
internal sealed class Membership
{
    readonly Lock changing = new();
    volatile View view = new([], Placement.Empty);

    /// <summary>The silos that live, joining and leaving ones included.</summary>
    public ImmutableArray<EmbeddedSilo> Members => view.Members;
    public Placement Placement => view.Placement;

    /// <summary>Where the version grain lives: the same silo for all who look now; null when there is no silo.</summary>
    public EmbeddedSilo? Home => view is var now && now.Placement.Owner(Placement.VersionGrain) is { } owner ? owner : now.Members.FirstOrDefault();

    public EmbeddedSilo? Find(string id) => Members.FirstOrDefault(member => member.Id == id);

    /// <summary>Null when a silo of that name lives.</summary>
    public EmbeddedSilo? Add(string id, Func<EmbeddedSilo> create)
    {
        lock (changing)
        {
            if (Find(id) is not null) return null;
            var added = create();
            view = view with { Members = Members.Add(added) };
            return added;
        }
    }

    /// <summary>From now on entities are placed on it. False when it lives no more.</summary>
    public bool Serve(EmbeddedSilo silo)
    {
        lock (changing)
        {
            if (!Members.Contains(silo)) return false;
            view = view with { Placement = Placement.With(silo) };
        }
        Settle();
        return true;
    }

    /// <summary>Its entities are placed elsewhere from now on, though it still lives.</summary>
    public void Displace(EmbeddedSilo silo)
    {
        lock (changing) view = view with { Placement = Placement.Without(silo) };
        Settle();
    }

    /// <summary>It lives no more. False when that was known.</summary>
    public bool Remove(EmbeddedSilo silo)
    {
        lock (changing)
        {
            if (!Members.Contains(silo)) return false;
            view = new View(Members.Remove(silo), Placement.Without(silo));
        }
        Settle();
        return true;
    }

    /// <summary>Nothing is placed anywhere any more.</summary>
    public void DisplaceAll()
    {
        lock (changing) view = view with { Placement = Placement.Empty };
    }

    void Settle()
    {
        var now = view;
        foreach (var silo in now.Members)
            if (!ReferenceEquals(silo, Home)) silo.ReleaseVersionGrain();
    }

    sealed record View(ImmutableArray<EmbeddedSilo> Members, Placement Placement);
}
