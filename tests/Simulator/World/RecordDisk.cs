using System.Globalization;
using Evergrain.Core.Rollouts;

namespace Evergrain.Simulator.World;

/// <summary>The cluster record and its history, beyond all processes. Unlike the stores that ship it lets every write pass whose etag is right: what a
/// record may hold is for the checkers to say.</summary>
internal sealed class RecordDisk(Action<ClusterRecord, ClusterRecord, string> wrote)
{
    long lastEtag = 1;

    public ClusterRecord Record { get; private set; } = new() { Incarnation = 1, Release = Release.None, Silos = [], WriteId = Guid.Empty, Etag = "1" };
    public ClusterHistory History { get; private set; } = ClusterHistory.Empty;

    public ClusterWriteOutcome Write(ClusterRecord next, string expectedEtag, string by)
    {
        if (Record.Etag != expectedEtag) return new ClusterWriteOutcome.Conflict(Record);
        var before = Record;
        History = History.After(before, next);
        Record = next with { Etag = (++lastEtag).ToString(CultureInfo.InvariantCulture) };
        wrote(before, Record, by);
        return new ClusterWriteOutcome.Written(Record);
    }
}
