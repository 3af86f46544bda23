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

    /// <summary>What is on it is lost; a copy takes its place, as the first of a new incarnation: nobody is enrolled.</summary>
    public void Restore(Backup backup, Guid writeId)
    {
        History = backup.History;
        Record = backup.Cluster with { Incarnation = backup.Cluster.Incarnation + 1, Silos = [], WriteId = writeId, Etag = (++lastEtag).ToString(CultureInfo.InvariantCulture) };
    }

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
