using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Simulator.Game;

internal sealed record Hall(string[] Applied, long Frames, long LastFrame, bool Gap);

/// <summary>Rooms: frames, written at intervals, with calls from room to room, scheduled entries and tracked work.</summary>
internal static class Room<TVersion> where TVersion : struct, IVersion
{
    public static void Configure(ModuleBuilder module) => module
        .Json(GameJson.Default).Data<Tuning>("tuning")
        .Owns("room", schema: 1, _ => new Hall([], 0, 0, false), RoomRules.Options)
        .Operation<Nothing, HallView>("open", Open)
        .Operation<Nothing, HallView>("close", Close)
        .Operation<Hit, HallView>("hit", HitOnce)
        .Operation<Hit, HallView>("hit-later", HitLater)
        .Operation<Nothing, HallView>("look", (turn, _) => View(turn, turn.Data<Tuning>().Number))
        .Operation<Ask, HallView>("ask", AskOther)
        .Operation<Nothing, HallView>("watch", Watch)
        .Event<HallHit>("hit")
        .Frame(Tick);

    static HallView Open(Turn<Hall> turn, Nothing nothing)
    {
        Witness.Saw(turn.Entity, "room", TVersion.Number, "open");
        turn.State = turn.State with { LastFrame = turn.Frame };
        turn.StartFrames();
        return View(turn, turn.Data<Tuning>().Number);
    }

    static HallView Close(Turn<Hall> turn, Nothing nothing)
    {
        turn.StopFrames();
        return View(turn, turn.Data<Tuning>().Number);
    }

    static HallView HitOnce(Turn<Hall> turn, Hit hit)
    {
        Witness.Saw(turn.Entity, "room", TVersion.Number, "hit");
        turn.State = turn.State with { Applied = [.. turn.State.Applied, hit.Id] };
        turn.Publish(new HallHit(TVersion.Number, turn.State.Applied.Length, hit.Id));
        return View(turn, turn.Data<Tuning>().Number);
    }

    static HallView HitLater(Turn<Hall> turn, Hit hit)
    {
        turn.After(3, "room.hit", hit);
        return View(turn, turn.Data<Tuning>().Number);
    }

    static async ValueTask<HallView> AskOther(Turn<Hall> turn, Ask ask)
    {
        using var inside = Witness.Enter(turn.Entity, "room", TVersion.Number, $"ask {ask.Id}");
        var tuning = turn.Data<Tuning>().Number;
        turn.State = turn.State with { Applied = [.. turn.State.Applied, ask.Id] };
        var other = await turn.Call<Hit, HallView>(new EntityId("room", ask.To), "room.hit", new Hit($"{ask.Id}?"));
        if (ask.Fails) throw new InvalidOperationException("It was to fail.");
        return View(turn, tuning) with { Other = other };
    }

    static HallView Watch(Turn<Hall> turn, Nothing nothing)
    {
        turn.Run("watching", static async work =>
        {
            using var inside = Witness.Enter(work.Entity, "room", TVersion.Number, "watching");
            while (true) await work.Delay(TimeSpan.FromSeconds(2));
        });
        return View(turn, turn.Data<Tuning>().Number);
    }

    static void Tick(Turn<Hall> turn)
    {
        Witness.Saw(turn.Entity, "room", TVersion.Number, "frame", turn.Frame);
        turn.State = turn.State with { Frames = turn.State.Frames + 1, LastFrame = turn.Frame, Gap = turn.State.Gap || turn.Frame != turn.State.LastFrame + 1 };
    }

    static HallView View(Turn<Hall> turn, int tuning) =>
        new(TVersion.Number, tuning, turn.Data<Tuning>().Number, turn.State.Applied.Length, turn.State.Frames, turn.State.LastFrame, turn.State.Gap, null);
}

/// <summary>What all versions of the room share.</summary>
internal static class RoomRules
{
    public static readonly KindOptions Options = new() { FramesPerSecond = 4, IdleAfter = TimeSpan.FromSeconds(15) };
}
