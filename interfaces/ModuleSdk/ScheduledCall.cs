namespace Evergrain.ModuleSdk;

/// <summary>A future call of the entity to itself, as data: so no schedule can run old code after a reload.</summary>
/// <param name="Operation">Full name, <c>module.operation</c>.</param>
/// <param name="Arguments">The operation's argument bytes.</param>
/// <param name="InFrames">Due after this many frames of the entity's clock, 1 to <see cref="MaxFrames"/>.</param>
/// <param name="EveryFrames">Repeats after that many frames, 1 to <see cref="MaxFrames"/>; null for once.</param>
/// <param name="Priority">Among entries of one frame the higher runs first. Default 0.</param>
/// <param name="ExpiresInFrames">Dropped when it could not run within this many frames after it was due, 0 to <see cref="MaxFrames"/>; null: never.</param>
public sealed record ScheduledCall(string Operation, ReadOnlyMemory<byte> Arguments, long InFrames, long? EveryFrames, int Priority, long? ExpiresInFrames)
{
    /// <summary>The farthest that a schedule looks ahead: 2^36 frames, two thousand years of the slowest clock.</summary>
    public const long MaxFrames = 1L << 36;
}
