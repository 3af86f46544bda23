using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Embedded.Tests.Game;

internal sealed record RoomStateThree(long Points, long Frames, long LastFrame, bool Gap, int Round);

/// <summary>Rooms under a third schema, whose steps lead to the second and back only. A room of <see cref="TooMany"/> hits comes no higher than that.</summary>
internal static class RoomThree
{
    public const int TooMany = 26;
    const string Version = "3.0.0";

    public static void Configure(ModuleBuilder module) => Kind(module)
        .MigratesTo<RoomStateTwo>(2, now => new RoomStateTwo((int)(now.Points / 10), now.Frames, now.LastFrame, now.Gap, now.Round));

    /// <summary>The same without a step down.</summary>
    public static SliceBuilder<RoomStateThree> Kind(ModuleBuilder module) => module
        .Json(GameJson.Default)
        .Owns("room", schema: 3, _ => new RoomStateThree(0, 0, 0, false, 1), new KindOptions { IdleAfter = TimeSpan.FromSeconds(30) })
        .Operation<Nothing, RoomView>("hit", HitOnce)
        .Operation<Nothing, RoomView>("look", (turn, _) => View(turn))
        .MigratesFrom<RoomStateTwo>(2, old => old.Score == TooMany * 10
            ? throw new InvalidOperationException("twenty-six hits")
            : new RoomStateThree(old.Score * 10L, old.Frames, old.LastFrame, old.Gap, old.Round));

    static RoomView HitOnce(Turn<RoomStateThree> turn, Nothing nothing)
    {
        turn.State = turn.State with { Points = turn.State.Points + 100 };
        return View(turn);
    }

    static RoomView View(Turn<RoomStateThree> turn) => new(Version, (int)(turn.State.Points / 100), turn.State.Frames, turn.State.LastFrame, turn.State.Gap);
}
