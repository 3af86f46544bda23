using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Simulator.Game;

/// <param name="Gold">Only transfers and credits change it.</param>
/// <param name="Applied">The id of every change, in order.</param>
internal sealed record Purse(int Gold, string[] Applied);

/// <param name="Note">A field that 1.0.0 does not know.</param>
internal sealed record NotedPurse(int Gold, string[] Applied, string? Note = null);

/// <summary>Purses that are written before each reply; gold lives only here. 1.1.0 adds an optional field under the same schema.</summary>
internal static class Wallet<TVersion> where TVersion : struct, IVersion
{
    public static void Configure(ModuleBuilder module) => module
        .Json(GameJson.Default).Data<Tuning>("tuning")
        .Owns("wallet", schema: 1, _ => new NotedPurse(0, []), WalletRules.Options)
        .Operation<Credit, PurseView>("credit", Credit)
        .Operation<Transfer, PurseView>("transfer", Transfer)
        .Operation<Nothing, PurseView>("look", (turn, _) => View(turn))
        .Operation<Close, PurseView>("close", Close)
        .Event<PurseMoved>("moved");

    static PurseView Credit(Turn<NotedPurse> turn, Credit credit)
    {
        Witness.Saw(turn.Entity, "wallet", TVersion.Number, "credit");
        turn.State = turn.State with { Gold = turn.State.Gold + credit.Gold, Applied = [.. turn.State.Applied, credit.Id], Note = turn.State.Note ?? "1.1.0" };
        turn.Publish(new PurseMoved(TVersion.Number, turn.State.Gold, credit.Id));
        return View(turn);
    }

    static PurseView Transfer(Turn<NotedPurse> turn, Transfer transfer)
    {
        Witness.Saw(turn.Entity, "wallet", TVersion.Number, "transfer");
        if (turn.State.Gold < transfer.Gold) throw turn.Reject("poor", "There is not enough gold.");
        turn.State = turn.State with { Gold = turn.State.Gold - transfer.Gold, Applied = [.. turn.State.Applied, transfer.Id] };
        turn.Publish(new PurseMoved(TVersion.Number, turn.State.Gold, transfer.Id));
        turn.Send(new EntityId("wallet", transfer.To), "wallet.credit", new Credit($"{transfer.Id}>", transfer.Gold));
        return View(turn);
    }

    static PurseView Close(Turn<NotedPurse> turn, Close close)
    {
        Witness.Saw(turn.Entity, "wallet", TVersion.Number, "close");
        turn.Destroy();
        return View(turn);
    }

    static PurseView View(Turn<NotedPurse> turn) =>
        new(TVersion.Number, turn.Data<Tuning>().Number, turn.Data<Tuning>().Number, turn.State.Gold, turn.State.Note);
}

/// <summary>What all versions of the wallet share.</summary>
internal static class WalletRules
{
    public static readonly KindOptions Options = new() { Durability = Durability.BeforeReply, IdleAfter = TimeSpan.FromSeconds(15) };
}
