using Evergrain.ModuleSdk;

namespace Bench;

public sealed record TickerState(int X, int Y, long Ticks);

/// <summary>An entity with a 20 Hz clock that moves a little with each frame.</summary>
internal static class Ticker
{
    public static SliceBuilder<TickerState> Declare(ModuleBuilder module) => module
        .Owns("ticker", schema: 1, _ => new TickerState(0, 0, 0))
        .Operation<Nothing, TickerState>("start", Start)
        .Operation<Nothing, TickerState>("look", (turn, _) => turn.State)
        .Frame(turn => turn.State = new TickerState(turn.State.X + 1, turn.State.Y - 1, turn.State.Ticks + 1));

    static TickerState Start(Turn<TickerState> turn, Nothing nothing)
    {
        turn.StartFrames();
        return turn.State;
    }
}
