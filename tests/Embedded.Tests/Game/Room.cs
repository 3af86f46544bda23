using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Embedded.Tests.Game;

internal sealed record RoomState(int Hits, long Frames, long LastFrame, bool Gap);
internal sealed record RoomView(string Version, int Hits, long Frames, long LastFrame, bool Gap);
internal sealed record Ask(string To);
internal sealed record Asked(string Version, long Frame, RoomView Other);
internal sealed record Hit(int Hits, string Version);

/// <summary>Rooms: frames at 20 Hz, written at intervals, with calls from room to room.</summary>
internal static class Room<TVersion> where TVersion : struct, IVersion
{
    public static void Configure(ModuleBuilder module) => module
        .Json(GameJson.Default)
        .Owns("room", schema: 1, _ => new RoomState(0, 0, 0, false), new KindOptions { IdleAfter = TimeSpan.FromSeconds(30) })
        .Operation<Nothing, RoomView>("open", Open)
        .Operation<Nothing, RoomView>("close", Close)
        .Operation<Nothing, RoomView>("hit", HitOnce)
        .Operation<Nothing, RoomView>("look", (turn, _) => View(turn))
        .Operation<Ask, Asked>("ask", AskOther)
        .Operation<Nothing, RoomView>("watch", Watch)
        .Event<Hit>("hit")
        .Frame(Tick);

    static RoomView Open(Turn<RoomState> turn, Nothing nothing)
    {
        turn.State = turn.State with { LastFrame = turn.Frame };
        turn.StartFrames();
        return View(turn);
    }

    static RoomView Close(Turn<RoomState> turn, Nothing nothing)
    {
        turn.StopFrames();
        return View(turn);
    }

    static RoomView HitOnce(Turn<RoomState> turn, Nothing nothing)
    {
        turn.State = turn.State with { Hits = turn.State.Hits + 1 };
        turn.Publish(new Hit(turn.State.Hits, TVersion.Number));
        return View(turn);
    }

    static async ValueTask<Asked> AskOther(Turn<RoomState> turn, Ask ask)
    {
        var other = await turn.Call<Nothing, RoomView>(new EntityId("room", ask.To), "room.hit", Nothing.Value);
        turn.State = turn.State with { Hits = turn.State.Hits + 1 };
        return new Asked(TVersion.Number, turn.Frame, other);
    }

    static RoomView Watch(Turn<RoomState> turn, Nothing nothing)
    {
        turn.Run("watching", static async work =>
        {
            while (true) await work.Delay(TimeSpan.FromMilliseconds(100));
        });
        return View(turn);
    }

    static void Tick(Turn<RoomState> turn) => turn.State = turn.State with
    {
        Frames = turn.State.Frames + 1, LastFrame = turn.Frame, Gap = turn.State.Gap || turn.Frame != turn.State.LastFrame + 1,
    };

    static RoomView View(Turn<RoomState> turn) => new(TVersion.Number, turn.State.Hits, turn.State.Frames, turn.State.LastFrame, turn.State.Gap);
}
