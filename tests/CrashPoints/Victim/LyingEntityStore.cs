using System.Collections.Concurrent;
using Evergrain.Contracts;
using Evergrain.Core.State;

namespace Evergrain.CrashPoints.Victim;

/// <summary>The real store of entities; with a tooth, one that lies once it is used.</summary>
internal sealed class LyingEntityStore(IEntityStore store, Tooth tooth) : IEntityStore
{
    const int HonestWrites = 60;
    readonly ConcurrentDictionary<EntityId, EntityRecord> written = new();
    int writes;

    public StoreCapabilities Capabilities => store.Capabilities;
    public ValueTask<EntityRecord?> Read(EntityId id) => store.Read(id);
    public ValueTask<IReadOnlyList<EntityId>> WakeUps() => store.WakeUps();
    public ValueTask<EntityPage> List(EntityQuery query) => store.List(query);

    public ValueTask<IReadOnlyList<WriteOutcome>> Write(IReadOnlyList<EntityWrite> all) =>
        tooth == Tooth.None || Interlocked.Increment(ref writes) <= HonestWrites || all is not [{ Delete: false, ExpectedEtag: { } etag, Record.Created: true } write] ? store.Write(all) : Lie(write, etag);

    async ValueTask<IReadOnlyList<WriteOutcome>> Lie(EntityWrite write, string etag)
    {
        var record = write.Record;
        switch (tooth)
        {
            case Tooth.LosesWrites when record.Id.Kind == "purse":
            case Tooth.LosesIntervals when record.Id.Kind != "purse" && !record.NeedsWakeUp:
                return [new WriteOutcome(etag)];
            case Tooth.DoublesSends when record.Extras.Outbox.Count > 0:
                var last = record.Extras.LastSendNumber + 1;
                var twice = record.Extras.Outbox.Values.Last() with { Number = last, Key = Guid.CreateVersion7() };
                return await store.Write([write with { Record = record with { Extras = record.Extras with { Outbox = record.Extras.Outbox.Add(last, twice), LastSendNumber = last } } }]);
            case Tooth.LosesSends when record.Extras.Outbox.Count > 0:
                return await store.Write([write with { Record = record with { Extras = record.Extras with { Outbox = EntityExtras.None.Outbox } } }]);
            case Tooth.RepeatsWrites when record.Id.Kind == "purse":
                var before = written.GetValueOrDefault(record.Id);
                var outcomes = await store.Write([write]);
                if (outcomes[0].Etag is not { } next) return outcomes;
                written[record.Id] = record;
                return before is null ? outcomes : await store.Write([new EntityWrite(before, next)]);
            default:
                return await store.Write([write]);
        }
    }
}
