using Evergrain.Core.Rollouts;

namespace Evergrain.Simulator.World;

/// <summary>The cluster record, as one silo reaches it.</summary>
internal sealed class RecordStorePort(RecordDisk disk, StoreDoor door, Weather weather, string silo) : IClusterStore
{
    public async ValueTask<ClusterRecord> Read(CancellationToken cancellation) => await door.Ask("read record", () => disk.Record);

    public async ValueTask<ClusterWriteOutcome> Write(ClusterRecord next, string expectedEtag, CancellationToken cancellation) =>
        await door.Ask("write record", () => disk.Write(next, expectedEtag, silo), weather.LingerOf(disk.Record.Rollout?.Phase, next.Rollout?.Phase));

    public async ValueTask<ClusterHistory> History(CancellationToken cancellation) => await door.Ask("read history", () => disk.History);
}
