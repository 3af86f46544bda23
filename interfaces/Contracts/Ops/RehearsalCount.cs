namespace Evergrain.Contracts.Ops;

/// <summary>What came of trying live state on a new version before it serves. Each entity counts once for each of its slices that changes.</summary>
/// <param name="Entities">Copies of states that went to the new version and back.</param>
/// <param name="Differences">Of these, states that did not come back as they were.</param>
/// <param name="Failures">Of these, states that the new version cannot take.</param>
/// <param name="Entries">Scheduled calls and sends to the module that were looked at.</param>
/// <param name="Misfits">Of these, those that the new version cannot run: it lacks the operation, or cannot read the arguments.</param>
public sealed record RehearsalCount(long Entities, long Differences, long Failures, long Entries, long Misfits)
{
    public static readonly RehearsalCount None = new(0, 0, 0, 0, 0);

    public static RehearsalCount operator +(RehearsalCount left, RehearsalCount right) =>
        new(left.Entities + right.Entities, left.Differences + right.Differences, left.Failures + right.Failures, left.Entries + right.Entries, left.Misfits + right.Misfits);
}
