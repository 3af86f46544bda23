using Evergrain.Simulator.Faults;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Plans;
using Evergrain.Simulator.Workload;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Runs;

/// <summary>What is there when the players come: the first release serves everywhere, rooms are open, and everyone has gold.</summary>
internal sealed class Opening(SimulatedWorld world, SiloFaults silos, Operator ops, Stage stage)
{
    const int OpenRooms = 3;
    const int FirstGold = 20;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // The host's calls have numbers below all that players make.
    int number;

    /// <exception cref="InvalidOperationException">The first rollout does not come to its end.</exception>
    public void Play(Plan plan)
    {
        var names = Enumerable.Range(0, plan.Silos).Select(_ => silos.NewName()).ToList();
        foreach (var name in names) stage.Do(() => silos.Start(name));
        stage.Do(() => ops.RollOut(GameVersions.First));
        if (!stage.Until(() => world.Record.Record is { Epoch: 1, Rollout.Ended: true }, Patience)) throw new InvalidOperationException("The first rollout did not come to its end.");
        var calls = Enumerable.Range(0, OpenRooms).Select(room => Call(WorkloadPlanner.Room(room), "room.open", Evergrain.ModuleSdk.Nothing.Value))
            .Concat(Enumerable.Range(0, WorkloadPlanner.Wallets).Select(wallet => Fill(WorkloadPlanner.Wallet(wallet))));
        if (plan.ColdWallets) calls = calls.Concat(Enumerable.Range(0, WorkloadPlanner.ColdWallets).Select(wallet => Fill(WorkloadPlanner.ColdWallet(wallet))));
        var subscriber = new Subscriber(world);
        for (var room = 0; room < WorkloadPlanner.Rooms; room++) subscriber.Subscribe(WorkloadPlanner.Room(room));
        for (var wallet = 0; wallet < WorkloadPlanner.Wallets; wallet++) subscriber.Subscribe(WorkloadPlanner.Wallet(wallet));
        var host = new Player("host", world);
        stage.Do(() => host.Play(calls));
        if (plan.ColdWallets) stage.Do(() => silos.Cool(names[0]));
    }

    PlannedCall Fill(Contracts.EntityId wallet) => Call(wallet, "wallet.credit", new Credit($"start {wallet.Key}", FirstGold));
    PlannedCall Call(Contracts.EntityId entity, string operation, object arguments) => new(--number, 0, default, entity, operation, arguments, Keyed: true, PlannedCall.UsualPatience);
}
