using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Core.Tests.Entities.Lab;

/// <summary>Module <c>loose</c>: every handler starts something that it does not await, against the rules.</summary>
internal sealed class LooseModule : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(LabJson.Default)
        .Owns("loose", 1, _ => Box.Empty)
        .Created(turn => _ = Strand(turn, "created"))
        .Operation<Nothing, Amount>("get", (turn, _) => new Amount(turn.State.Count))
        .Operation<Nothing, Nothing>("start", (turn, n) => { turn.StartFrames(); return n; })
        .Operation<Nothing, Nothing>("task", (turn, n) => { _ = Strand(turn, "task"); return n; })
        .Operation<Nothing, Nothing>("void", (turn, n) => { Void(turn); return n; })
        .Operation<Nothing, Nothing>("throw", (turn, n) => { Throw(); return n; })
        .Operation<Ask, Nothing>("call", (turn, ask) => { _ = turn.Call<Amount, Amount>(EntityId.Parse(ask.To), ask.Operation, new Amount(ask.Value)); return Nothing.Value; })
        .Operation<Ask, Amount>("call-later", async (turn, ask) => { _ = Strand(turn, "later"); return await turn.Call<Amount, Amount>(EntityId.Parse(ask.To), ask.Operation, new Amount(ask.Value)); })
        .Frame(turn => _ = Strand(turn, "frame"));

    static async Task Strand(Turn<Box> turn, string name)
    {
        var key = turn.Entity.Key;
        await Task.Yield();
        Doors.Pass($"{key}-{name}");
        turn.State = turn.State.Add(1);
    }

    static async void Void(Turn<Box> turn) => await Strand(turn, "void");

    static async void Throw()
    {
        await Task.CompletedTask;
        throw new InvalidOperationException("nobody can catch this");
    }
}
