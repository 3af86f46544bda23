using Evergrain.ModuleSdk;

namespace Evergrain.Embedded.Tests.Game;

internal sealed record RoomStateTwo(int Score, long Frames, long LastFrame, bool Gap, int Round);

/// <summary>Rooms under another schema. A room with <see cref="Unlucky"/> hits cannot be brought to it.</summary>
internal static class RoomTwo
{
    public const int Unlucky = 13;
    const string Version = "2.0.0";

    public static void Configure(ModuleBuilder module) => Kind(module)
        .MigratesTo<RoomState>(1, now => new RoomState(now.Score / 10, now.Frames, now.LastFrame, now.Gap));

    /// <summary>Its step down loses the hits.</summary>
    public static void Forgetful(ModuleBuilder module) => Kind(module)
        .MigratesTo<RoomState>(1, now => new RoomState(0, now.Frames, now.LastFrame, now.Gap));

    /// <summary>Its step down fails for a room that was hit more than ten times.</summary>
    public static void Sticky(ModuleBuilder module) => Kind(module)
        .MigratesTo<RoomState>(1, now => now.Score > 100 ? throw new InvalidOperationException("it sticks") : new RoomState(now.Score / 10, now.Frames, now.LastFrame, now.Gap));

    static SliceBuilder<RoomStateTwo> Kind(ModuleBuilder module) => module
        .Json(GameJson.Default)
        .Owns("room", schema: 2, _ => new RoomStateTwo(0, 0, 0, false, 1), new KindOptions { IdleAfter = TimeSpan.FromSeconds(30) })
        .Operation<Nothing, RoomView>("open", Open)
        .Operation<Nothing, RoomView>("hit", HitOnce)
        .Operation<Nothing, RoomView>("look", (turn, _) => View(turn))
        .Event<Hit>("hit")
        .Frame(Tick)
        .MigratesFrom<RoomState>(1, Up);

    static RoomStateTwo Up(RoomState old) => old.Hits == Unlucky
        ? throw new InvalidOperationException("thirteen hits")
        : new RoomStateTwo(old.Hits * 10, old.Frames, old.LastFrame, old.Gap, 1);

    static RoomView Open(Turn<RoomStateTwo> turn, Nothing nothing)
    {
        turn.State = turn.State with { LastFrame = turn.Frame };
        turn.StartFrames();
        return View(turn);
    }

    static RoomView HitOnce(Turn<RoomStateTwo> turn, Nothing nothing)
    {
        turn.State = turn.State with { Score = turn.State.Score + 10 };
        turn.Publish(new Hit(turn.State.Score / 10, Version));
        return View(turn);
    }

    static void Tick(Turn<RoomStateTwo> turn) => turn.State = turn.State with
    {
        Frames = turn.State.Frames + 1, LastFrame = turn.Frame, Gap = turn.State.Gap || turn.Frame != turn.State.LastFrame + 1,
    };

    static RoomView View(Turn<RoomStateTwo> turn) => new(Version, turn.State.Score / 10, turn.State.Frames, turn.State.LastFrame, turn.State.Gap);
}
