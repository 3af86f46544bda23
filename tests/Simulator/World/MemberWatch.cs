using Evergrain.Contracts.Ops;
using Evergrain.Embedded;
using Evergrain.Runtime.Slots;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.World;

/// <summary>Looks, between two steps, at what the members of the cluster say of themselves.</summary>
internal sealed class MemberWatch(EmbeddedCluster cluster, Action<Observation> see)
{
    readonly List<Watched> watched = [];
    MembershipView? newest;

    public void Look()
    {
        if (!ReferenceEquals(cluster.Membership.Newest, newest)) Compare(newest = cluster.Membership.Newest);
        foreach (var one in watched)
        {
            var table = one.Silo.Modules.Table;
            if (ReferenceEquals(table, one.Table)) continue;
            one.Table = table;
            // One that leaves or has ended routes nothing.
            if (table.Slots.Count > 0) see(new SiloRoutes(one.Silo.Id, one.Life, one.Silo.Agent.Instance, table.Epoch, table.Slots));
        }
    }

    /// <summary>The packages that each member could serve at once, by their digests.</summary>
    public IReadOnlyDictionary<Guid, IReadOnlySet<string>> Ready() => cluster.Members.ToDictionary(member => member.Agent.Instance, member =>
        (IReadOnlySet<string>)member.Modules.Report().Where(slot => slot.State is SlotState.Ready or SlotState.Serving).Select(slot => slot.Digest).ToHashSet(StringComparer.Ordinal));

    void Compare(MembershipView view)
    {
        for (var i = watched.Count - 1; i >= 0; i--)
            if (!view.Members.Contains(watched[i].Silo)) Leave(i);
        foreach (var member in view.Members)
            if (!watched.Exists(one => ReferenceEquals(one.Silo, member))) Join(member);
    }

    void Join(EmbeddedSilo silo)
    {
        var life = ((Process)silo.Ports.Executor).Number;
        watched.Add(new Watched(silo, life));
        silo.Modules.SlotChanged += slot => see(new SlotMoved(silo.Id, life, slot));
        see(new MemberMoved(silo.Id, life, silo.Agent.Instance, Joins: true));
    }

    void Leave(int index)
    {
        var (silo, life) = (watched[index].Silo, watched[index].Life);
        watched.RemoveAt(index);
        see(new MemberMoved(silo.Id, life, silo.Agent.Instance, Joins: false));
    }

    sealed class Watched(EmbeddedSilo silo, int life)
    {
        public EmbeddedSilo Silo => silo;
        public int Life => life;
        public ModuleTable? Table { get; set; } = silo.Modules.Table;
    }
}
