using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Simulator.Game;

/// <param name="Score">Ten for each hit: a step that ran twice or not at all shows.</param>
internal sealed record HallTwo(int Score, string[] Applied, long Frames, long LastFrame, bool Gap, int Schema);

/// <summary>Rooms under another schema.</summary>
internal static class RoomTwo
{
    const string Version = "2.0.0";
    const int ScoreOfHit = 10;

    public static void Configure(ModuleBuilder module) => module
        .Json(GameJson.Default).Data<Tuning>("tuning")
        .Owns("room", schema: 2, _ => new HallTwo(0, [], 0, 0, false, 2), RoomRules.Options)
        .Operation<Nothing, HallView>("open", Open)
        .Operation<Nothing, HallView>("close", Close)
        .Operation<Hit, HallView>("hit", HitOnce)
        .Operation<Hit, HallView>("hit-later", HitLater)
        .Operation<Nothing, HallView>("look", (turn, _) => View(turn, turn.Data<Tuning>().Number))
        .Operation<Ask, HallView>("ask", AskOther)
        .Operation<Nothing, HallView>("watch", Watch)
        .Event<HallHit>("hit")
        .Frame(Tick)
        .MigratesFrom<Hall>(1, Up)
        .MigratesTo<Hall>(1, Down);

    static HallTwo Up(Hall old)
    {
        Witness.Migrates("room", Version);
        return new HallTwo(old.Applied.Length * ScoreOfHit, old.Applied, old.Frames, old.LastFrame, old.Gap, 2);
    }

    static Hall Down(HallTwo now)
    {
        Witness.Migrates("room", Version);
        return new Hall(now.Applied, now.Frames, now.LastFrame, now.Gap);
    }

    static HallView Open(Turn<HallTwo> turn, Nothing nothing)
    {
        Witness.Saw(turn.Entity, "room", Version, "open");
        turn.State = turn.State with { LastFrame = turn.Frame };
        turn.StartFrames();
        return View(turn, turn.Data<Tuning>().Number);
    }

    static HallView Close(Turn<HallTwo> turn, Nothing nothing)
    {
        turn.StopFrames();
        return View(turn, turn.Data<Tuning>().Number);
    }

    static HallView HitOnce(Turn<HallTwo> turn, Hit hit)
    {
        Witness.Saw(turn.Entity, "room", Version, "hit");
        turn.State = turn.State with { Score = turn.State.Score + ScoreOfHit, Applied = [.. turn.State.Applied, hit.Id] };
        turn.Publish(new HallHit(Version, turn.State.Applied.Length, hit.Id));
        return View(turn, turn.Data<Tuning>().Number);
    }

    static HallView HitLater(Turn<HallTwo> turn, Hit hit)
    {
        turn.After(3, "room.hit", hit);
        return View(turn, turn.Data<Tuning>().Number);
    }

    static async ValueTask<HallView> AskOther(Turn<HallTwo> turn, Ask ask)
    {
        using var inside = Witness.Enter(turn.Entity, "room", Version, $"ask {ask.Id}");
        var tuning = turn.Data<Tuning>().Number;
        turn.State = turn.State with { Score = turn.State.Score + ScoreOfHit, Applied = [.. turn.State.Applied, ask.Id] };
        var other = await turn.Call<Hit, HallView>(new EntityId("room", ask.To), "room.hit", new Hit($"{ask.Id}?"));
        if (ask.Fails) throw new InvalidOperationException("It was to fail.");
        return View(turn, tuning) with { Other = other };
    }

    static HallView Watch(Turn<HallTwo> turn, Nothing nothing)
    {
        turn.Run("watching", static async work =>
        {
            using var inside = Witness.Enter(work.Entity, "room", Version, "watching");
            while (true) await work.Delay(TimeSpan.FromSeconds(2));
        });
        return View(turn, turn.Data<Tuning>().Number);
    }

    static void Tick(Turn<HallTwo> turn)
    {
        Witness.Saw(turn.Entity, "room", Version, "frame", turn.Frame);
        turn.State = turn.State with { Frames = turn.State.Frames + 1, LastFrame = turn.Frame, Gap = turn.State.Gap || turn.Frame != turn.State.LastFrame + 1 };
    }

    static HallView View(Turn<HallTwo> turn, int tuning) =>
        new(Version, tuning, turn.Data<Tuning>().Number, turn.State.Score / ScoreOfHit, turn.State.Frames, turn.State.LastFrame, turn.State.Gap, null);
}
