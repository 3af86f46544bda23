using Evergrain.Contracts;
using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Checks;

/// <summary>P2: nothing runs twice, every error says truly whether its call ran, and a key has one answer.</summary>
internal sealed class RunsOnce(Known known) : Checker("P2")
{
    readonly Dictionary<int, Told> told = [];

    // A player makes one call at a time.
    readonly Dictionary<string, Told> calling = new(StringComparer.Ordinal);

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case CallBegan began:
                var call = Of(began.Call);
                call.Open++;
                (call.Request, call.Player) = (began.Request, began.Player);
                calling[began.Player] = call;
                break;
            case FaultTook { Kind: FaultKind.DuplicateMessages } fault:
                Double(fault.What);
                break;
            case CallEnded ended:
                End(ended, Of(ended.Call));
                break;
            case EntityStored stored:
                foreach (var change in known.Entities.Changes) Store(stored, change);
                break;
        }
    }

    void End(CallEnded ended, Told call)
    {
        call.Open--;
        calling.Remove(call.Player);
        if (ended.Reply.Ok)
        {
            if (call.Answer is { } first) Compare(ended, first);
            call.Answer ??= ended.Reply;
        }
        if (ended.Reply.Error is not { Ran: Ran.No }) call.MayHaveRun = true;
        if (known.Changes.Of(ended.Call) is not { } change) return;
        if (IsProvenNot(call))
            foreach (var id in (ReadOnlySpan<string>)[change.Id, $"{change.Id}?", $"{change.Id}>"])
                if (known.Changes.Find(id) is { } made && known.Entities.Find(made.Entity)?.Applied.Contains(id) == true)
                    Broken(ended.At, $"{id} was answered 'did not run' each time, and stands in {made.Entity}.");
        if (ended.Reply.Error is { Ran: Ran.Yes } && ended.Request.Entity.Kind == "wallet" && known.Entities.Find(change.Entity)?.Applied.Contains(change.Id) != true)
            Broken(ended.At, $"{change.Id} was answered 'did run', and does not stand in {change.Entity}.");
    }

    // A second copy of a message may come while the first is answered: what is said of one is not true of the other. Known is only what it asked for.
    void Double(string operation)
    {
        foreach (var (_, call) in calling)
            if (call.Request!.Operation is var asked && (asked == operation || asked == "room.ask" && operation == "room.hit")) call.IsDoubled = true;
    }

    // A room may have forgotten its answer with its turn in a crash; a wallet's is stored before it is given.
    void Compare(CallEnded ended, CallReply first)
    {
        if (ended.Request.Entity.Kind != "wallet") return;
        if (!ended.Reply.Result.Span.SequenceEqual(first.Result.Span) || ended.Reply.Epoch != first.Epoch || ended.Reply.Module != first.Module)
            Broken(ended.At, $"call {ended.Call} has two answers for one key: by {first.Module} at {first.Epoch}, then by {ended.Reply.Module} at {ended.Reply.Epoch}.");
    }

    void Store(EntityStored stored, SliceChange change)
    {
        foreach (var id in change.Repeated)
            if (change.After.Extends) Broken(stored.At, $"{id} was applied twice in {stored.After!.Id}.");
        foreach (var id in change.Added)
        {
            if (known.Changes.Find(id) is not { } asked) Broken(stored.At, $"{id} stands in {stored.After!.Id}, and nobody asked for it.");
            else if (asked.Entity != stored.After!.Id) Broken(stored.At, $"{id} was asked of {asked.Entity}, and stands in {stored.After.Id}.");
            else if (told.TryGetValue(asked.Call, out var call) && IsProvenNot(call)) Broken(stored.At, $"{id} was answered 'did not run' each time, and was applied after that.");
        }
    }

    static bool IsProvenNot(Told call) => call is { Open: 0, MayHaveRun: false, IsDoubled: false };

    Told Of(int call)
    {
        if (!told.TryGetValue(call, out var known)) told[call] = known = new Told();
        return known;
    }

    sealed class Told
    {
        public int Open { get; set; }
        public bool MayHaveRun { get; set; }
        public CallReply? Answer { get; set; }
        public CallRequest? Request { get; set; }
        public string Player { get; set; } = "";
        public bool IsDoubled { get; set; }
    }
}
