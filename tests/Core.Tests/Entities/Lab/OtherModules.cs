using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Core.Tests.Entities.Lab;

/// <summary>Module <c>safe</c>: the lab's operations on a vault, which is written before its replies leave.</summary>
internal sealed class SafeModule : GameModule
{
    public override void Configure(ModuleBuilder module)
    {
        module.Json(LabJson.Default);
        LabModule.Kind(module.Owns("vault", 1, _ => Box.Empty, new KindOptions { Durability = Durability.BeforeReply })).Event<Told>("told");
    }
}

/// <summary>Module <c>late</c>: the lab's operations on a shelf, which is written when it leaves memory.</summary>
internal sealed class LateModule : GameModule
{
    public override void Configure(ModuleBuilder module)
    {
        module.Json(LabJson.Default);
        LabModule.Kind(module.Owns("shelf", 1, _ => Box.Empty, new KindOptions { Durability = Durability.OnDeactivation, IdleAfter = TimeSpan.FromMinutes(1) })).Event<Told>("told");
    }
}

/// <summary>Module <c>lab</c> at schema 2, with steps up and down. A count of 13 goes neither way.</summary>
internal sealed class LabModule2 : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(LabJson.Default)
        .Owns("box", 2, _ => new Box2(0, []), new KindOptions { IdleAfter = TimeSpan.FromMinutes(1) })
        .MigratesFrom<Box>(1, old => old.Count == 13 ? throw new InvalidOperationException("13 brings no luck") : new Box2(old.Count, old.Log))
        .MigratesTo<Box>(1, state => state.Total == 13 ? throw new InvalidOperationException("13 stays") : new Box(state.Total, state.Log))
        .Operation<Amount, Amount>("add", (turn, amount) => { turn.State = turn.State with { Total = turn.State.Total + amount.Value }; return new Amount(turn.State.Total); })
        .Operation<Nothing, Amount>("get", (turn, _) => new Amount(turn.State.Total))
        .Operation<Text, Nothing>("note", (turn, text) => { turn.State = turn.State with { Log = [.. turn.State.Log, text.Value] }; return Nothing.Value; })
        .Operation<Nothing, Text>("log", (turn, _) => new Text(string.Join(' ', turn.State.Log)))
        .Frame(turn => turn.State = turn.State with { Log = [.. turn.State.Log, $"F{turn.Frame}"] });
}

/// <summary>Module <c>extra</c>: a second slice of the box.</summary>
internal sealed class ExtraModule : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(LabJson.Default)
        .Extends("box", 1, _ => new Marks(0))
        .Operation<Nothing, Amount>("mark", (turn, _) => { turn.State = new Marks(turn.State.Made + 1); return new Amount(turn.State.Made); });
}

/// <summary>Module <c>rite</c>: a shrine that must be created, and tells of every step of its life.</summary>
internal sealed class RiteModule : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(LabJson.Default)
        .Owns("shrine", 1, _ => Box.Empty, new KindOptions { RequiresCreation = true, IdleAfter = TimeSpan.FromMinutes(1), FramesPerSecond = 10, CatchUpFrames = 5 })
        .Created(turn => LabModule.Note(turn, "created"))
        .Activated(turn => LabModule.Note(turn, "activated"))
        .Deactivating(turn => LabModule.Note(turn, "deactivating"))
        .Destroyed(turn => { turn.Send(new EntityId("box", "graveyard"), "lab.note", new Text(turn.Entity.Key)); })
        .Operation<Nothing, Text>("log", (turn, _) => new Text(string.Join(' ', turn.State.Log)))
        .Operation<Text, Nothing>("end", (turn, _) => { turn.Destroy(); return Nothing.Value; })
        .Operation<Text, Nothing>("join", (turn, id) => { turn.OwnedBy(EntityId.Parse(id.Value)); return Nothing.Value; });
}

/// <summary>Module <c>birth</c>: a made thing whose first turn may fail.</summary>
internal sealed class BirthModule : GameModule
{
    public override void Configure(ModuleBuilder module) => LabModule.Kind(module.Json(LabJson.Default)
        .Owns("child", 1, _ => Box.Empty)
        .Created(turn => turn.Send(new EntityId("box", "registry"), "lab.note", new Text(turn.Entity.Key))))
        .Event<Told>("told");
}
