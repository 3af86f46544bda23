using Evergrain.Core.State;

namespace Evergrain.Simulator.Game;

/// <summary>States that a step cannot take, as when its author forgot a case: they keep a change whose id says which way they cannot go.</summary>
internal static class StuckStates
{
    const string Up = "^", Down = "_";

    /// <summary>The id of a change after which its state cannot go up, or down.</summary>
    public static string Id(string id, bool up) => id + (up ? Up : Down);

    public static bool Sticks(string id) => CannotGoUp(id) || CannotGoDown(id);
    public static bool CannotGoUp(string id) => id.EndsWith(Up, StringComparison.Ordinal);
    public static bool CannotGoDown(string id) => id.EndsWith(Down, StringComparison.Ordinal);

    /// <summary>Whether the record keeps such a state.</summary>
    public static bool Has(EntityRecord record) => record.Slices.Any(slice => slice.Module == "wallet" && (slice.Bytes.AsSpan().IndexOf("^\""u8) >= 0 || slice.Bytes.AsSpan().IndexOf("_\""u8) >= 0));

    /// <exception cref="InvalidOperationException">The state cannot go up.</exception>
    public static void ThrowIfUp(string[] applied) => Throw(applied, CannotGoUp);

    /// <exception cref="InvalidOperationException">The state cannot go down.</exception>
    public static void ThrowIfDown(string[] applied) => Throw(applied, CannotGoDown);

    static void Throw(string[] applied, Predicate<string> sticks)
    {
        if (Array.Find(applied, sticks) is { } id) throw new InvalidOperationException($"The step has no case for {id}.");
    }
}
