using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Vault;

/// <summary>What every schema of a purse has.</summary>
public interface IPurse<TState>
{
    PurseView View();
    TState With(long gold, string id);
}

/// <summary>Gold, written before each reply. It moves by sends and by scheduled calls, and is made by minting and by gifts of a tally.</summary>
internal static class Purse<TState> where TState : class, IPurse<TState>
{
    public static SliceBuilder<TState> Declare(SliceBuilder<TState> purse) => purse
        .Operation<Mint, PurseView>("mint", Mint)
        .Operation<Give, PurseView>("give", Give)
        .Operation<Later, PurseView>("later", Later)
        .Operation<Close, PurseView>("close", Close)
        .Operation<Receive, PurseView>("receive", Receive, Audience.Entities);

    static PurseView Mint(Turn<TState> turn, Mint mint) => Keep(turn, mint.Id, mint.Gold);
    static PurseView Receive(Turn<TState> turn, Receive receive) => Keep(turn, receive.Id, receive.Gold);

    static PurseView Give(Turn<TState> turn, Give give)
    {
        Need(turn, give.Gold);
        turn.Send(new EntityId("purse", give.To), "vault.receive", new Receive($"{give.Id}>", give.Gold));
        return Keep(turn, give.Id, -give.Gold);
    }

    static PurseView Later(Turn<TState> turn, Later later)
    {
        Need(turn, later.Gold);
        turn.After(later.Frames, "vault.receive", new Receive($"{later.Id}>", later.Gold));
        return Keep(turn, later.Id, -later.Gold);
    }

    /// <summary>All that is there goes to another, and the purse is no more.</summary>
    static PurseView Close(Turn<TState> turn, Close close)
    {
        var gold = turn.State.View().Gold;
        Need(turn, Math.Max(gold, 1));
        turn.Send(new EntityId("purse", close.To), "vault.receive", new Receive($"{close.Id}>", gold));
        turn.Destroy();
        return Keep(turn, close.Id, -gold);
    }

    static PurseView Keep(Turn<TState> turn, string id, long gold)
    {
        turn.State = turn.State.With(turn.State.View().Gold + gold, id);
        return turn.State.View();
    }

    static void Need(Turn<TState> turn, long gold)
    {
        if (turn.State.View().Gold < gold) throw turn.Reject("poor", "There is not enough gold.");
    }
}

internal static class PurseRules
{
    public static readonly KindOptions Options = new() { Durability = Durability.BeforeReply, FramesPerSecond = 50 };
}
