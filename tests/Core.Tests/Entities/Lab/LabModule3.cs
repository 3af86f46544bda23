using Evergrain.ModuleSdk;

namespace Evergrain.Core.Tests.Entities.Lab;

/// <summary>Module <c>lab</c> at schema 3. Its own steps lead to schema 2 and back; the way to schema 1 is the second version's. A count of 26
/// comes no higher than schema 2.</summary>
internal class LabModule3 : GameModule
{
    public override void Configure(ModuleBuilder module) => Kind(module);

    protected static SliceBuilder<Box3> Kind(ModuleBuilder module) => module
        .Json(LabJson.Default)
        .Owns("box", 3, _ => new Box3(0, []), new KindOptions { IdleAfter = TimeSpan.FromMinutes(1) })
        .MigratesFrom<Box2>(2, old => old.Total == 26 ? throw new InvalidOperationException("26 is twice 13") : new Box3(old.Total, old.Log))
        .MigratesTo<Box2>(2, state => new Box2((int)state.Sum, state.Log))
        .Operation<Amount, Amount>("add", (turn, amount) => { turn.State = turn.State with { Sum = turn.State.Sum + amount.Value }; return new Amount((int)turn.State.Sum); })
        .Operation<Nothing, Amount>("get", (turn, _) => new Amount((int)turn.State.Sum));
}

/// <summary>The same with every step of its own.</summary>
internal sealed class WholeLabModule3 : LabModule3
{
    public override void Configure(ModuleBuilder module) => Kind(module)
        .MigratesBetween<Box, Box2>(1, 2, old => new Box2(old.Count, old.Log))
        .MigratesBetween<Box2, Box>(2, 1, now => new Box(now.Total, now.Log));
}

/// <summary>Module <c>extra</c> at schema 2, which came up while the box had no such slice.</summary>
internal sealed class ExtraModule2 : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(LabJson.Default)
        .Extends("box", 2, _ => new Marks2(0, 0))
        .MigratesFrom<Marks>(1, old => new Marks2(old.Made, 0))
        .MigratesTo<Marks>(1, now => new Marks(now.Made))
        .Operation<Nothing, Amount>("mark", (turn, _) => { turn.State = turn.State with { Made = turn.State.Made + 1 }; return new Amount(turn.State.Made); });
}
