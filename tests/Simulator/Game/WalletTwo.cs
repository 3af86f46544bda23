using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Simulator.Game;

/// <param name="Copper">Gold times 100: a step that ran twice or not at all shows.</param>
internal sealed record PurseTwo(long Copper, string[] Applied, string? Note, int Schema);

/// <summary>The wallet under another schema.</summary>
internal static class WalletTwo
{
    const string Version = "2.0.0";
    const int CopperPerGold = 100;

    public static void Configure(ModuleBuilder module) => module
        .Json(GameJson.Default).Data<Tuning>("tuning")
        .Owns("wallet", schema: 2, _ => new PurseTwo(0, [], null, 2), WalletRules.Options)
        .Operation<Credit, PurseView>("credit", Credit)
        .Operation<Transfer, PurseView>("transfer", Transfer)
        .Operation<Nothing, PurseView>("look", (turn, _) => View(turn))
        .Operation<Close, PurseView>("close", Close)
        .Event<PurseMoved>("moved")
        .MigratesFrom<NotedPurse>(1, Up)
        .MigratesTo<NotedPurse>(1, Down);

    static PurseTwo Up(NotedPurse old)
    {
        Witness.Migrates("wallet", Version);
        StuckStates.ThrowIfUp(old.Applied);
        return new PurseTwo(old.Gold * (long)CopperPerGold, old.Applied, old.Note, 2);
    }

    static NotedPurse Down(PurseTwo now)
    {
        Witness.Migrates("wallet", Version);
        StuckStates.ThrowIfDown(now.Applied);
        return new NotedPurse((int)(now.Copper / CopperPerGold), now.Applied, now.Note);
    }

    static PurseView Credit(Turn<PurseTwo> turn, Credit credit)
    {
        Witness.Saw(turn.Entity, "wallet", Version, "credit");
        turn.State = turn.State with { Copper = turn.State.Copper + credit.Gold * CopperPerGold, Applied = [.. turn.State.Applied, credit.Id] };
        turn.Publish(new PurseMoved(Version, (int)(turn.State.Copper / CopperPerGold), credit.Id));
        return View(turn);
    }

    static PurseView Transfer(Turn<PurseTwo> turn, Transfer transfer)
    {
        Witness.Saw(turn.Entity, "wallet", Version, "transfer");
        if (turn.State.Copper < transfer.Gold * CopperPerGold) throw turn.Reject("poor", "There is not enough gold.");
        turn.State = turn.State with { Copper = turn.State.Copper - transfer.Gold * CopperPerGold, Applied = [.. turn.State.Applied, transfer.Id] };
        turn.Publish(new PurseMoved(Version, (int)(turn.State.Copper / CopperPerGold), transfer.Id));
        turn.Send(new EntityId("wallet", transfer.To), "wallet.credit", new Credit($"{transfer.Id}>", transfer.Gold));
        return View(turn);
    }

    static PurseView Close(Turn<PurseTwo> turn, Close close)
    {
        Witness.Saw(turn.Entity, "wallet", Version, "close");
        turn.Destroy();
        return View(turn);
    }

    static PurseView View(Turn<PurseTwo> turn) =>
        new(Version, turn.Data<Tuning>().Number, turn.Data<Tuning>().Number, (int)(turn.State.Copper / CopperPerGold), turn.State.Note);
}
