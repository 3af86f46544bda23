using Evergrain.ModuleSdk;

namespace Evergrain.Core.Tests.Entities.Lab;

/// <summary>Module <c>lab</c> at schema 2, whose step down loses the notes.</summary>
internal class ForgetfulLabModule : GameModule
{
    public override void Configure(ModuleBuilder module) => Kind(module);

    protected static SliceBuilder<Box2> Kind(ModuleBuilder module) => module
        .Json(LabJson.Default)
        .Owns("box", 2, _ => new Box2(0, []))
        .MigratesFrom<Box>(1, old => new Box2(old.Count, old.Log, "red"))
        .MigratesTo<Box>(1, state => new Box(state.Total, []))
        .Operation<Nothing, Amount>("get", (turn, _) => new Amount(turn.State.Total));
}

/// <summary>The same, with notes that operators must not see.</summary>
internal sealed class SecretiveLabModule : ForgetfulLabModule
{
    public override void Configure(ModuleBuilder module) => Kind(module).Secret("log");
}

/// <summary>Module <c>lab</c> at schema 2, from which a count of 7 does not come down.</summary>
internal sealed class StickyLabModule : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(LabJson.Default)
        .Owns("box", 2, _ => new Box2(0, []))
        .MigratesFrom<Box>(1, old => new Box2(old.Count, old.Log))
        .MigratesTo<Box>(1, state => state.Total == 7 ? throw new InvalidOperationException("7 sticks") : new Box(state.Total, state.Log))
        .Operation<Nothing, Amount>("get", (turn, _) => new Amount(turn.State.Total));
}
