using System.Globalization;
using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Core.State.Format;

namespace Evergrain.Stores.Sql;

/// <summary>One row of an entity to be written or, without bytes, removed.</summary>
/// <param name="Expected">The etag of the row that must be there; null when there must be none.</param>
public sealed record EntityChange(EntityId Id, long? Expected, long Epoch, bool Wakes, byte[]? Bytes)
{
    // An etag that nobody was given.
    const long NoEtag = -1;

    /// <summary>A conflict, until the database says otherwise.</summary>
    public WriteOutcome Outcome { get; set; }

    public static EntityChange Of(EntityWrite write) =>
        new(write.Record.Id, ExpectedBy(write), write.Record.Epoch, write.Record.NeedsWakeUp, write.Delete ? null : RecordFormat.Encode(write.Record));

    /// <summary>It was written with a new etag.</summary>
    public void Written(long etag) => Outcome = new WriteOutcome(etag.ToString(CultureInfo.InvariantCulture));

    /// <summary>There is no such row, or no longer.</summary>
    public void Gone() => Outcome = new WriteOutcome("");

    static long? ExpectedBy(EntityWrite write) => write.ExpectedEtag is not { } etag ? write.Delete ? NoEtag : null
        : long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : NoEtag;
}
