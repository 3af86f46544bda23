using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Embedded.Tests.Game;

internal sealed record Account(int Gold, int Transfers);
internal sealed record Amount(int Gold);
internal sealed record Transfer(string To, int Gold);
internal sealed record Balance(string Version, int Gold, int Transfers);

/// <summary>Accounts that are written before each reply.</summary>
internal static class Bank<TVersion> where TVersion : struct, IVersion
{
    public static void Configure(ModuleBuilder module) => module
        .Json(GameJson.Default)
        .Owns("bank", schema: 1, _ => new Account(0, 0), new KindOptions { Durability = Durability.BeforeReply, IdleAfter = TimeSpan.FromSeconds(30) })
        .Operation<Amount, Balance>("credit", Credit)
        .Operation<Transfer, Balance>("transfer", Transfer)
        .Operation<Nothing, Balance>("balance", (turn, _) => View(turn));

    static Balance Credit(Turn<Account> turn, Amount amount)
    {
        turn.State = turn.State with { Gold = turn.State.Gold + amount.Gold };
        return View(turn);
    }

    static Balance Transfer(Turn<Account> turn, Transfer transfer)
    {
        if (turn.State.Gold < transfer.Gold) throw turn.Reject("poor", "There is not enough gold.");
        turn.State = new Account(turn.State.Gold - transfer.Gold, turn.State.Transfers + 1);
        turn.Send(new EntityId("bank", transfer.To), "bank.credit", new Amount(transfer.Gold));
        return View(turn);
    }

    static Balance View(Turn<Account> turn) => new(TVersion.Number, turn.State.Gold, turn.State.Transfers);
}
