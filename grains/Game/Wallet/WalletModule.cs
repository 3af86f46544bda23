using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Wallet;

/// <summary>Gold lives only here. What a wallet answered is on disk: <see cref="Durability.BeforeReply"/>.</summary>
public sealed class WalletModule : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(WalletJson.Default)
        .Owns("wallet", schema: 1, static _ => new WalletState(0), new KindOptions { Durability = Durability.BeforeReply })
        .Operation<Nothing, Balance>("balance", Balance)
        .Operation<Credit, Balance>("credit", Credit, Audience.Entities)
        .Operation<Transfer, Balance>("transfer", Transfer)
        .Operation<Receive, Balance>("receive", Receive, Audience.Entities);

    static Balance Balance(Turn<WalletState> turn, Nothing nothing) => new(turn.State.Gold);

    /// <summary>New gold: prizes and rewards of other modules.</summary>
    static Balance Credit(Turn<WalletState> turn, Credit credit)
    {
        CheckAmount(turn, credit.Amount);
        if (credit.Amount > long.MaxValue - turn.State.Gold) throw turn.Reject("wallet-full", "The wallet cannot hold that much gold.");
        return Keep(turn, turn.State.Gold + credit.Amount);
    }

    static Balance Transfer(Turn<WalletState> turn, Transfer transfer)
    {
        CheckAmount(turn, transfer.Amount);
        if (turn.Caller != turn.Entity.Key) throw turn.Reject("not-your-wallet", $"Only {turn.Entity.Key} may give from this wallet.");
        var to = Receiver(turn, transfer.To);
        if (to == turn.Entity) throw turn.Reject("same-wallet", "Gold cannot be sent to the wallet that it is in.");
        if (transfer.Amount > turn.State.Gold) throw turn.Reject("not-enough-gold", $"There are {turn.State.Gold} gold, not {transfer.Amount}.");

        // The send is written together with the smaller balance and leaves after that: the gold is never in two places, and arrives once.
        turn.Send(to, "wallet.receive", new Receive(transfer.Amount));
        return Keep(turn, turn.State.Gold - transfer.Amount);
    }

    static Balance Receive(Turn<WalletState> turn, Receive receive)
    {
        CheckAmount(turn, receive.Amount);
        if (receive.Amount <= long.MaxValue - turn.State.Gold) return Keep(turn, turn.State.Gold + receive.Amount);

        // Nobody waits for a send, so refusing it would lose the gold: a full wallet gives it back.
        if (!EntityId.TryParse(turn.Caller, out var giver)) throw turn.Reject("wallet-full", "The wallet cannot hold that much gold.");
        turn.Send(giver, "wallet.receive", receive);
        return new(turn.State.Gold);
    }

    static Balance Keep(Turn<WalletState> turn, long gold)
    {
        turn.State = turn.State with { Gold = gold };
        return new(gold);
    }

    static void CheckAmount(Turn turn, long amount)
    {
        if (amount <= 0) throw turn.Reject("bad-amount", $"The amount is {amount}; it must be 1 or more.");
    }

    static EntityId Receiver(Turn turn, string to) =>
        EntityId.TryParse(to, out var wallet) && wallet.Kind == "wallet" || EntityId.TryCreate("wallet", to, out wallet)
            ? wallet
            : throw turn.Reject("no-such-wallet", $"'{to}' is neither a player's name nor a wallet.");
}
