using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Runs;

/// <summary>How much there was in a run, as seen from outside; counted from when the players begin.</summary>
internal sealed class RunSize
{
    public const int LeastSilos = 3;
    public const int LeastEntities = 20;
    public const int LeastCalls = 200;
    public const int LeastRollouts = 2;
    public const int LeastFaults = 3;

    readonly HashSet<EntityId> entities = [];
    readonly HashSet<int> calls = [];
    readonly HashSet<string> rollouts = [];
    readonly HashSet<FaultKind> faults = [];

    public int Silos { get; set; }
    public int Entities => entities.Count;

    /// <summary>With an answer.</summary>
    public int Calls => calls.Count;

    /// <summary>That were more than tried out, and came to prepare.</summary>
    public int Rollouts => rollouts.Count;

    /// <summary>Kinds of faults that took effect: as many faults did at least.</summary>
    public int Faults => faults.Count;

    /// <summary>Whether a release was committed that brings entities to another schema.</summary>
    public bool Migrated { get; private set; }

    public IReadOnlyCollection<FaultKind> FaultKinds => faults;

    public void See(Observation observation)
    {
        switch (observation)
        {
            case CallEnded ended:
                calls.Add(ended.Call);
                entities.Add(ended.Request.Entity);
                break;
            case FaultTook took:
                faults.Add(took.Kind);
                break;
            case RecordStored { After: { Rollout: { DryRun: false } rollout } after } stored:
                if (rollout.Phase is RolloutPhase.Preparing) rollouts.Add(rollout.Id);
                Migrated |= !ReferenceEquals(after.Release, stored.Before.Release) && after.Release.Packages.Any(package => Migrates(package.Id, stored.Before.Release));
                break;
        }
    }

    /// <summary>In what it is too small; null when it is large enough.</summary>
    public string? Missing()
    {
        var missing = new List<string>();
        Need(Silos, LeastSilos, "silos");
        Need(Entities, LeastEntities, "entities");
        Need(Calls, LeastCalls, "calls");
        Need(Rollouts, LeastRollouts, "rollouts");
        Need(Faults, LeastFaults, "faults that took effect");
        if (!Migrated) missing.Add("no rollout migrated");
        return missing.Count == 0 ? null : $"The run is too small: {string.Join(", ", missing)}.";

        void Need(int there, int least, string of)
        {
            if (there < least) missing.Add($"{there} {of} of {least}");
        }
    }

    static bool Migrates(ModuleId now, Release before) => before.Packages.FirstOrDefault(package => package.Id.Name == now.Name) is { } was && GameVersions.Schema(was.Id) != GameVersions.Schema(now);
}
