using Evergrain.Contracts;
using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Checks;

/// <summary>P1: a call that ends by its deadline was not lost: nobody who came after it was answered by its entity meanwhile, and what it did
/// does not stand in the store.</summary>
internal sealed class NoneIsLost(Known known) : Checker("P1")
{
    // A call on its way to its entity, or an answer on its way back: at most so long, and while messages are late.
    static readonly TimeSpan Way = TimeSpan.FromSeconds(0.4);
    static readonly TimeSpan LateWay = TimeSpan.FromSeconds(1.3);

    // From a turn's write to its answer, when the store does not answer and has to be asked again.
    static readonly TimeSpan WriteCleared = TimeSpan.FromSeconds(1.3);

    // Who was taken for gone may go on for so long, under a name that another has by then.
    static readonly TimeSpan GoesOn = TimeSpan.FromSeconds(3);

    readonly Dictionary<EntityId, List<Answered>> answered = [];
    readonly Dictionary<string, (TimeSpan At, string By)> stored = new(StringComparer.Ordinal);

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case EntityStored { After.Id.Kind: "wallet" } write:
                foreach (var change in known.Entities.Changes)
                foreach (var id in change.Added) stored[id] = (write.At, write.By);
                break;
            case CallEnded { Reply.Ok: true } ended:
                if (!answered.TryGetValue(ended.Request.Entity, out var all)) answered[ended.Request.Entity] = all = [];
                all.Add(new Answered(ended.Call, ended.Began, ended.At, ended.Request.SeenEpoch));
                break;
            case CallEnded { Reply.Error.Code: ErrorCodes.Deadline } ended when !known.Silos.WentOrStoodSince(ended.Began - GoesOn):
                See(ended, known.Troubles.FeltSince(ended.Began, FaultKind.DelayMessages, FaultKind.ReorderMessages) ? LateWay : Way);
                break;
        }
    }

    // Calls are served in the order in which they come to their entity, once their silo is where their caller has been.
    void See(CallEnded ended, TimeSpan way)
    {
        foreach (var later in answered.GetValueOrDefault(ended.Request.Entity) ?? [])
            if (later.Began - ended.Began > way && ended.At - later.Ended > way && later.SeenEpoch >= ended.Request.SeenEpoch)
            {
                Broken(ended.At, $"call {ended.Call} try {ended.Attempt} of {ended.Request.Entity}, begun at {ended.Began.TotalSeconds:0.000}, has no answer; call {later.Call}, begun at {later.Began.TotalSeconds:0.000}, was answered there at {later.Ended.TotalSeconds:0.000}.");
                break;
            }
        if (known.Changes.Of(ended.Call) is { } asked && stored.TryGetValue(asked.Id, out var write) && write.At >= ended.Began && ended.At - write.At > way + WriteCleared)
            Broken(ended.At, $"call {ended.Call} try {ended.Attempt} has no answer, and {write.By} had written {asked.Id} at {write.At.TotalSeconds:0.000}.");
    }

    readonly record struct Answered(int Call, TimeSpan Began, TimeSpan Ended, long SeenEpoch);
}
