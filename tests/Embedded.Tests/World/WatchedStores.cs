using Evergrain.Contracts;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;

namespace Evergrain.Embedded.Tests.World;

/// <summary>The memory store, reached only by the run's thread, and slow where a test says so.</summary>
internal sealed class WatchedEntityStore(OneThread thread, TimeProvider time) : IEntityStore
{
    readonly MemoryEntityStore store = new();

    /// <summary>How long a read of this entity takes; by default none.</summary>
    public Func<EntityId, TimeSpan> ReadTakes { get; set; } = static _ => TimeSpan.Zero;

    /// <summary>The record of this entity cannot be read, until it is written anew.</summary>
    public EntityId? Garbled { get; set; }

    /// <summary>The stored record as it is now.</summary>
    public EntityRecord? Peek(EntityId id) => store.Read(id).Result;

    public StoreCapabilities Capabilities => store.Capabilities;

    public async ValueTask<EntityRecord?> Read(EntityId id)
    {
        thread.Check("Read");
        await Pass(ReadTakes(id));
        var record = await store.Read(id);
        return record is not null && id == Garbled ? throw new UnreadableRecordException(Unreadable(record)) : record;
    }

    // Every write takes a step of its own, so that other things happen meanwhile.
    public async ValueTask<IReadOnlyList<WriteOutcome>> Write(IReadOnlyList<EntityWrite> writes)
    {
        thread.Check("Write");
        await thread.Step();
        var outcomes = await store.Write(writes);
        for (var i = 0; i < writes.Count; i++)
            if (writes[i].Record.Id == Garbled && !outcomes[i].Conflict) Garbled = null;
        await thread.Step();
        return outcomes;
    }

    public ValueTask<IReadOnlyList<EntityId>> WakeUps()
    {
        thread.Check("WakeUps");
        return store.WakeUps();
    }

    public async ValueTask<EntityPage> List(EntityQuery query)
    {
        thread.Check("List");
        var page = await store.List(query);
        return page.Records.FirstOrDefault(record => record.Id == Garbled) is { } garbled
            ? page with { Records = [.. page.Records.Where(record => record != garbled)], Unreadable = [Unreadable(garbled)] } : page;
    }

    static UnreadableRecord Unreadable(EntityRecord record) => new(record.Id, record.Etag, "its checksum is wrong.");

    async Task Pass(TimeSpan span)
    {
        if (span > TimeSpan.Zero) await Task.Delay(span, time);
        else await thread.Step();
    }
}

/// <summary>The memory store of the record; every epoch is committed once.</summary>
internal sealed class WatchedClusterStore(OneThread thread) : IClusterStore
{
    readonly MemoryClusterStore store = new();

    public List<ClusterRecord> Commits { get; } = [];

    /// <summary>The newest record.</summary>
    public ClusterRecord Last { get; private set; } = null!;

    /// <summary>Called with a commit that has reached the store and is not applied yet. False: it never is, as if its author had died on the way.</summary>
    public Func<ClusterRecord, bool> BeforeCommit { get; set; } = static _ => true;

    /// <summary>Called once a commit is applied, before its author knows.</summary>
    public Action<ClusterRecord> AfterCommit { get; set; } = static _ => { };

    public async ValueTask<ClusterRecord> Read(CancellationToken cancellation)
    {
        thread.Check("Read");
        await thread.Step();
        return await store.Read(cancellation);
    }

    public async ValueTask<ClusterWriteOutcome> Write(ClusterRecord next, string expectedEtag, CancellationToken cancellation)
    {
        thread.Check("Write");
        await thread.Step();
        var commits = Last is { } last && next.Epoch > last.Epoch;
        if (commits && !BeforeCommit(next)) return new ClusterWriteOutcome.Unknown();
        var outcome = await store.Write(next, expectedEtag, cancellation);
        if (outcome is ClusterWriteOutcome.Written { Record: { } record })
        {
            if (Commits.Count == 0 || Commits[^1].Epoch < record.Epoch) Commits.Add(record);
            Last = record;
            if (commits) AfterCommit(record);
        }
        await thread.Step();
        return outcome;
    }

    public ValueTask<ClusterHistory> History(CancellationToken cancellation)
    {
        thread.Check("History");
        return store.History(cancellation);
    }
}
