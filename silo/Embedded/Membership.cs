using Evergrain.Runtime;

namespace Evergrain.Embedded;

/// <summary>Which silos live, and which of them serve: the truth, of which each silo has a view that may be older. Every change is sent to
/// all silos, those that it leaves out included, and again while one is behind. Safe from any thread.</summary>
internal sealed class Membership : IDisposable
{
    static readonly TimeSpan SendAgain = TimeSpan.FromSeconds(1);

    readonly ISiloNetwork network;
    readonly ITimer timer;
    readonly Lock changing = new();
    readonly List<EmbeddedSilo> declaredDead = []; // and not known to have ended
    volatile MembershipView newest = MembershipView.None;
    bool sendsAgain;

    public Membership(ISiloNetwork network, TimeProvider time, IExecutor executor)
    {
        this.network = network;
        timer = time.CreateTimer(_ => executor.Post(Resend), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public MembershipView Newest => newest;

    /// <summary>Silos that are no members and did not end yet.</summary>
    public IReadOnlyList<EmbeddedSilo> DeclaredDead
    {
        get { lock (changing) return [.. declaredDead.Where(silo => !silo.HasEnded)]; }
    }

    /// <summary>Null when a silo of that name lives.</summary>
    public EmbeddedSilo? Add(string id, Func<EmbeddedSilo> create)
    {
        EmbeddedSilo added;
        lock (changing)
        {
            if (newest.Find(id) is not null) return null;
            added = create();
            newest = new MembershipView(newest.Number + 1, newest.Members.Add(added), newest.Placement);
        }
        Send();
        return added;
    }

    /// <summary>From now on entities are placed on it. False when it lives no more.</summary>
    public bool Serve(EmbeddedSilo silo) => Change(silo, placement => placement.With(silo));

    /// <summary>Its entities are placed elsewhere from now on, though it still lives.</summary>
    public void Displace(EmbeddedSilo silo) => Change(silo, placement => placement.Without(silo));

    /// <summary>It lives no more, or is thought not to. False when that was known.</summary>
    public bool Remove(EmbeddedSilo silo)
    {
        lock (changing)
        {
            if (!newest.Members.Contains(silo)) return false;
            newest = new MembershipView(newest.Number + 1, newest.Members.Remove(silo), newest.Placement.Without(silo));
            declaredDead.Add(silo);
        }
        Send();
        return true;
    }

    /// <summary>Nothing is placed anywhere any more.</summary>
    public void DisplaceAll()
    {
        lock (changing) newest = new MembershipView(newest.Number + 1, newest.Members, Placement.Empty);
        Send();
    }

    public void Dispose() => timer.Dispose();

    bool Change(EmbeddedSilo silo, Func<Placement, Placement> change)
    {
        lock (changing)
        {
            if (!newest.Members.Contains(silo)) return false;
            newest = new MembershipView(newest.Number + 1, newest.Members, change(newest.Placement));
        }
        Send();
        return true;
    }

    void Resend()
    {
        lock (changing) sendsAgain = false;
        Send();
    }

    void Send()
    {
        var view = newest;
        foreach (var silo in Behind(view)) network.Members(silo, view);
        // The network may have lost it; one that loses nothing never needs the timer.
        if (Behind(newest).Length == 0) return;
        lock (changing)
        {
            if (sendsAgain) return;
            sendsAgain = true;
        }
        timer.Change(SendAgain, Timeout.InfiniteTimeSpan);
    }

    EmbeddedSilo[] Behind(MembershipView view)
    {
        lock (changing)
        {
            declaredDead.RemoveAll(silo => silo.HasEnded);
            return [.. view.Members.Concat(declaredDead).Where(silo => silo.View.Number < view.Number)];
        }
    }
}
