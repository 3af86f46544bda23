using Evergrain.Contracts;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Observations;

/// <summary>Something that an observer from outside could see: at the doors, in the stores, or from inside the game's own code. Checkers
/// know nothing else. They come in causal order, for one thread makes them all.</summary>
internal abstract record Observation
{
    /// <summary>Since the run began.</summary>
    public TimeSpan At { get; set; }

    /// <summary>What goes into the hash of the trace: the same on every machine.</summary>
    public abstract void Say(Telling to);

    /// <summary>The same, for a reader.</summary>
    public string Text => Telling.TextOf(this);
}

/// <summary>A call leaves a player. One call may leave several times, with the same number.</summary>
/// <param name="Arguments">What stands in the request as bytes.</param>
internal sealed record CallBegan(int Call, int Attempt, string Player, CallRequest Request, object Arguments) : Observation
{
    public override void Say(Telling to) => to.Say($"{Player} calls {Request.Operation} of {Request.Entity}, call {Call} try {Attempt}, seen epoch {Request.SeenEpoch}{(Request.Key is null ? "" : ", with a key")}");
}

/// <param name="Began">When this try left.</param>
internal sealed record CallEnded(int Call, int Attempt, string Player, CallRequest Request, CallReply Reply, TimeSpan Began) : Observation
{
    public override void Say(Telling to) => to.Say($"{Player} has the answer to call {Call} try {Attempt}: {Reply.Error?.Code ?? "ok"} (ran: {Reply.Error?.Ran ?? Ran.Yes}) by {Reply.Module} at epoch {Reply.Epoch}");
}

internal sealed record EntityStored(EntityRecord? Before, EntityRecord? After, string By) : Observation
{
    public override void Say(Telling to)
    {
        if (After is null)
        {
            to.Say($"{By} deletes {Before!.Id}");
            return;
        }
        to.Say($"{By} writes {After.Id} at epoch {After.Epoch}: ");
        foreach (var slice in After.Slices) to.Say($"{slice.Module}@{slice.Version} schema {slice.Schema}, ");
        to.Say($"outbox {After.Extras.Outbox.Count}");
    }
}

internal sealed record RecordStored(ClusterRecord Before, ClusterRecord After, string By) : Observation
{
    /// <summary>At a commit: what each silo that lives then has ready or serves, by the digests of the packages. Else empty.</summary>
    public IReadOnlyDictionary<Guid, IReadOnlySet<string>> Ready { get; init; } = new Dictionary<Guid, IReadOnlySet<string>>();

    public override void Say(Telling to) => to.Say($"{By} writes the cluster record: epoch {After.Epoch}, rollout {After.Rollout?.Phase.ToString() ?? "none"}, silos {string.Join(", ", After.Silos.Select(silo => silo.Id))}");
}

/// <summary>A subscriber hears an event.</summary>
/// <param name="Life">Of the silo that the entity told it on.</param>
internal sealed record EventHeard(string Silo, int Life, GameEvent Event) : Observation
{
    public override void Say(Telling to) => to.Say($"event {Event.Name} {Event.Sequence} of {Event.From} by {Event.Module} at epoch {Event.Epoch} from {Silo}");
}

/// <summary>One who listens for a while comes, or goes.</summary>
internal sealed record ListenerMoved(string Listener, EntityId Entity, bool Listens) : Observation
{
    public override void Say(Telling to) => to.Say($"{Listener} {(Listens ? "listens to" : "leaves")} {Entity}");
}

/// <summary>One who listens for a while hears an event.</summary>
internal sealed record EventPassed(string Listener, GameEvent Event) : Observation
{
    public override void Say(Telling to) => to.Say($"{Listener} hears event {Event.Sequence} of {Event.From}");
}

/// <summary>A silo serves, or has ended in whatever way.</summary>
internal sealed record SiloMoved(string Silo, bool Serves) : Observation
{
    public override void Say(Telling to) => to.Say($"{Silo} {(Serves ? "serves" : "has ended")}");
}

/// <summary>An operator asks for something, and what came of it.</summary>
internal sealed record OperatorAsked(string What, string Outcome) : Observation
{
    public override void Say(Telling to) => to.Say($"the operator asks: {What}; {Outcome}");
}

/// <summary>A fault changed something.</summary>
/// <param name="Silo">The process that it struck, of messages their receiver or whoever is cut off; null where <paramref name="What"/> says it, or it concerns none.</param>
internal sealed record FaultTook(FaultKind Kind, string What, string? Silo = null) : Observation
{
    public override void Say(Telling to) => to.Say($"FAULT {Kind}: {What}{(Silo is null ? "" : $", {Silo}")}");
}

/// <summary>From now on nothing goes wrong any more: what is broken is healed, and the cluster is left to itself.</summary>
internal sealed record FaultsEnded : Observation
{
    public override void Say(Telling to) => to.Say("the faults are over");
}
