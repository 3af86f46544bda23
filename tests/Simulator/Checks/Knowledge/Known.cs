using Evergrain.Contracts;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Checks.Knowledge;

/// <summary>What several checkers know in common. It takes in each observation before they see it.</summary>
internal sealed class Known
{
    static readonly string[] migrating = ["wallet", "room"];

    // By kind, the newest epoch at which an entity of it may have stayed behind: a step to another schema was made to fail then, or its code to be missing.
    readonly Dictionary<string, long> behindUpTo = new(StringComparer.Ordinal);

    public CommittedReleases Releases { get; } = new();
    public StoredEntities Entities { get; } = new();
    public AskedChanges Changes { get; } = new();
    public LoadedCode Code { get; } = new();
    public SiloLives Silos { get; } = new();
    public Troubles Troubles { get; } = new();

    /// <summary>The entity may have failed to migrate at this epoch: it runs what it ran before, or is in quarantine. With the next release it
    /// is tried again.</summary>
    public bool MayBeBehind(EntityId entity, long epoch) => Entities.IsStuck(entity) || behindUpTo.TryGetValue(entity.Kind, out var newest) && epoch <= newest;

    /// <summary>The entity may have failed to migrate at some time.</summary>
    public bool EverBehind(EntityId entity) => Entities.IsStuck(entity) || behindUpTo.ContainsKey(entity.Kind);

    /// <summary>What was known only to the memory of some silo since then, or shortly before, may be gone: a silo fell, or one did not know of the others.</summary>
    public bool MayBeRolledBackSince(TimeSpan time) => Silos.FellSince(time - Troubles.Echo) || Troubles.ViewsWereLateSince(time) || Troubles.FeltSince(time, FaultKind.PauseSilo);

    public void See(Observation observation)
    {
        switch (observation)
        {
            case FaultTook fault:
                Troubles.See(fault);
                if (fault.Kind is FaultKind.MigrationThrows or FaultKind.PrepareFails)
                    foreach (var kind in migrating)
                        if (fault.What.Contains($"{kind}@", StringComparison.Ordinal)) behindUpTo[kind] = Releases.Newest;
                if (fault.Kind is FaultKind.CrashSilo or FaultKind.CrashVersionGrain or FaultKind.KillSilo or FaultKind.SuspectSilo or FaultKind.Leave) Silos.End(fault.What, inOrder: fault.Kind is FaultKind.Leave, fault.At);
                if (fault.Kind is FaultKind.CrashAll or FaultKind.Restore) Silos.End(null, inOrder: false, fault.At);
                break;
            case RecordStored stored:
                Releases.See(stored);
                Silos.See(stored);
                break;
            case EntityStored stored:
                Entities.See(stored);
                break;
            case CallBegan began:
                Changes.See(began);
                break;
            case CodeMoved moved:
                Code.See(moved);
                break;
            case SiloMoved { Serves: false } moved:
                Silos.End(moved.Silo, inOrder: false, moved.At);
                break;
            case ClockRighted righted:
                Troubles.See(righted);
                break;
            case MemberMoved moved:
                Troubles.See(moved);
                Silos.See(moved);
                break;
            case SiloRoutes routes:
                Silos.See(routes);
                break;
            case SiloStands stands:
                Silos.See(stands);
                break;
        }
    }
}
