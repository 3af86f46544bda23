using Evergrain.Contracts;
using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Checks;

/// <summary>P5, for clocks: a running room leaves out no frame, whatever falls, and runs none again that ran elsewhere unless that fell; and its frames go
/// on by themselves.</summary>
internal sealed class FramesHaveNoGap(Known known) : Checker("P5")
{
    // Longer than a clock may jump back when it is set right.
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    readonly Dictionary<(EntityId Entity, int Life), long> last = [];
    readonly Dictionary<EntityId, (long Frame, TimeSpan At, int Life, TimeSpan Newest)> highest = [];
    readonly HashSet<EntityId> thrown = [];

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case CodeRan { Frame: { } frame } ran:
                See(ran, frame);
                break;
            case FaultTook { Kind: FaultKind.HandlerThrows } fault when fault.What.StartsWith("frame of ", StringComparison.Ordinal):
                thrown.Add(EntityId.Parse(fault.What["frame of ".Length..]));
                break;
            case EntityStored { Before: { } before, After: { } after } stored:
                if (after.Frames.Frame < before.Frames.Frame) Broken(stored.At, $"the stored frame of {after.Id} fell from {before.Frames.Frame} to {after.Frames.Frame}.");
                foreach (var change in known.Entities.Changes)
                    if (change is { Before.Gap: false, After.Gap: true } && !thrown.Contains(after.Id)) Broken(stored.At, $"{after.Id} says that a frame was left out.");
                break;
        }
    }

    public override void AtEnd(Outcome outcome)
    {
        if (!outcome.Converged) return;
        foreach (var entity in outcome.Entities.Where(entity => entity.Frames.Running && !known.MayBeBehind(entity.Id, outcome.Record.Epoch)))
            if (!highest.TryGetValue(entity.Id, out var newest) || outcome.At - newest.Newest > LongestPause)
                Missing(outcome.At, $"{entity.Id} has had no frame since {newest.Newest.TotalSeconds:0.000}.");
    }

    // It goes on from its last frame, or, when it came into memory anew, from what was stored.
    void See(CodeRan ran, long frame)
    {
        var entity = ran.Entity;
        var stored = known.Entities.Find(entity)?.Record.Frames.Frame ?? 0;
        var next = last.TryGetValue((entity, ran.Life), out var previous) ? previous + 1 : 0;
        if (highest.TryGetValue(entity, out var top) && frame != next && frame > stored + 1)
            Broken(ran.At, $"{entity} ran frame {frame} on {ran.Silo}, where {(next > 0 ? next : stored + 1)} was to come.");
        last[(entity, ran.Life)] = frame;
        if (frame <= top.Frame && ran.Life != top.Life && !known.MayBeRolledBackSince(top.At))
            Broken(ran.At, $"{entity} ran frame {frame} on {ran.Silo}; another silo, which did not fall, had run {top.Frame}.");
        highest[entity] = frame >= top.Frame ? (frame, ran.At, ran.Life, ran.At) : (top.Frame, top.At, top.Life, ran.At);
    }
}
