using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Simulator.Game;

/// <summary>The wallet's first version: it knows no note, and must not lose one.</summary>
internal static class WalletOne
{
    const string Version = "1.0.0";

    public static void Configure(ModuleBuilder module) => module
        .Json(GameJson.Default).Data<Tuning>("tuning")
        .Owns("wallet", schema: 1, _ => new Purse(0, []), WalletRules.Options)
        .Operation<Credit, PurseView>("credit", Credit)
        .Operation<Transfer, PurseView>("transfer", Transfer)
        .Operation<Nothing, PurseView>("look", (turn, _) => View(turn))
        .Operation<Close, PurseView>("close", Close)
        .Event<PurseMoved>("moved");

    static PurseView Credit(Turn<Purse> turn, Credit credit)
    {
        Witness.Saw(turn.Entity, "wallet", Version, "credit");
        turn.State = new Purse(turn.State.Gold + credit.Gold, [.. turn.State.Applied, credit.Id]);
        turn.Publish(new PurseMoved(Version, turn.State.Gold, credit.Id));
        return View(turn);
    }

    static PurseView Transfer(Turn<Purse> turn, Transfer transfer)
    {
        Witness.Saw(turn.Entity, "wallet", Version, "transfer");
        if (turn.State.Gold < transfer.Gold) throw turn.Reject("poor", "There is not enough gold.");
        turn.State = new Purse(turn.State.Gold - transfer.Gold, [.. turn.State.Applied, transfer.Id]);
        turn.Publish(new PurseMoved(Version, turn.State.Gold, transfer.Id));
        turn.Send(new EntityId("wallet", transfer.To), "wallet.credit", new Credit($"{transfer.Id}>", transfer.Gold));
        return View(turn);
    }

    static PurseView Close(Turn<Purse> turn, Close close)
    {
        Witness.Saw(turn.Entity, "wallet", Version, "close");
        turn.Destroy();
        return View(turn);
    }

    static PurseView View(Turn<Purse> turn) =>
        new(Version, turn.Data<Tuning>().Number, turn.Data<Tuning>().Number, turn.State.Gold, null);
}
