using Evergrain.Contracts;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Checks.Knowledge;

/// <summary>What several checkers know in common. It takes in each observation before they see it.</summary>
internal sealed class Known
{
    // Kinds whose entities may have stayed behind: a step to another schema was made to fail, or its code to be missing.
    readonly HashSet<string> failed = new(StringComparer.Ordinal);
    readonly HashSet<FaultKind> took = [];

    public CommittedReleases Releases { get; } = new();
    public StoredEntities Entities { get; } = new();
    public AskedChanges Changes { get; } = new();
    public LoadedCode Code { get; } = new();
    public SiloLives Silos { get; } = new();

    /// <summary>Something has gone wrong already, whatever it is.</summary>
    public bool AnyFault => took.Count > 0 || SilosWent;

    /// <summary>A silo that was a member is none any more.</summary>
    public bool SilosWent { get; private set; }

    public bool Took(FaultKind kind) => took.Contains(kind);

    public bool Took(params ReadOnlySpan<FaultKind> kinds)
    {
        foreach (var kind in kinds)
            if (took.Contains(kind)) return true;
        return false;
    }

    /// <summary>Entities of this kind may have failed to migrate: they run what they ran before, or are in quarantine.</summary>
    public bool MayBeBehind(EntityId entity) => failed.Contains(entity.Kind);

    public void See(Observation observation)
    {
        switch (observation)
        {
            case FaultTook fault:
                took.Add(fault.Kind);
                if (fault.Kind is FaultKind.MigrationThrows or FaultKind.PrepareFails)
                    foreach (var kind in (ReadOnlySpan<string>)["wallet", "room"])
                        if (fault.What.Contains($"{kind}@", StringComparison.Ordinal)) failed.Add(kind);
                if (fault.Kind is FaultKind.CrashSilo or FaultKind.CrashVersionGrain or FaultKind.KillSilo or FaultKind.SuspectSilo or FaultKind.Leave) Silos.End(fault.What);
                if (fault.Kind is FaultKind.CrashAll) Silos.End(null);
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
                Silos.End(moved.Silo);
                break;
            case MemberMoved moved:
                SilosWent |= !moved.Joins;
                Silos.See(moved);
                break;
            case SiloRoutes routes:
                Silos.See(routes);
                break;
        }
    }
}
