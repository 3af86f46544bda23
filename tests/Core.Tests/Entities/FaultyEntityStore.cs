using Evergrain.Contracts;
using Evergrain.Core.State;

namespace Evergrain.Core.Tests.Entities;

internal enum WriteFault { None, Refused, AnswerLost, ConflictFirst, AnswerLostThenOverwritten, Late, Broken, Full, TooLarge }

/// <summary>A store that fails as the test says.</summary>
internal sealed class FaultyEntityStore : IEntityStore
{
    readonly MemoryEntityStore store = new();
    readonly List<TaskCompletionSource> held = [];
    readonly List<IReadOnlyList<EntityWrite>> late = [];

    /// <summary>What happens to the next writes, one each.</summary>
    public Queue<WriteFault> Faults { get; } = [];
    public bool ReadsFail { get; set; }

    /// <summary>How many more reads are answered before they fail; null: as <see cref="ReadsFail"/> says.</summary>
    public int? ReadsLeft { get; set; }
    public bool WritesFail { get; set; }

    /// <summary>There is no room for a write.</summary>
    public bool Full { get; set; }

    /// <summary>A write of more bytes of state than this is refused; null: there is no limit.</summary>
    public int? MostBytes { get; set; }

    /// <summary>The record of this entity is garbled.</summary>
    public EntityId? Garbled { get; set; }
    public bool Slow { get; set; }
    public Func<EntityId, bool>? SlowFor { get; set; }
    public List<EntityWrite> Written { get; } = [];

    public void LetThrough()
    {
        foreach (var waiting in held.ToArray()) waiting.TrySetResult();
        held.Clear();
    }

    /// <summary>The late writes arrive. True when the store took one.</summary>
    public bool LetLateWritesLand() => late.Any(writes => store.Write(writes).Result.All(outcome => !outcome.Conflict));

    public EntityRecord? this[string id] => store.Read(EntityId.Parse(id)).Result;
    public IReadOnlyList<EntityId> Index => [.. store.WakeUps().Result, .. Torn];

    /// <summary>Their first write came only as far as the index.</summary>
    public HashSet<EntityId> Torn { get; } = [];

    public bool CannotScan { get; init; }
    public StoreCapabilities Capabilities => CannotScan ? StoreCapabilities.Batch : store.Capabilities;

    public async ValueTask<EntityRecord?> Read(EntityId id)
    {
        await Turn(id);
        if (id == Garbled) throw new UnreadableRecordException(new UnreadableRecord(id, "1", "its checksum is wrong."));
        return ReadsFail || ReadsLeft-- <= 0 ? throw new StoreUnavailableException("reads fail.") : await store.Read(id);
    }

    public async ValueTask<IReadOnlyList<WriteOutcome>> Write(IReadOnlyList<EntityWrite> writes)
    {
        await Turn(writes[0].Record.Id);
        var fault = Faults.TryDequeue(out var next) ? next : Fault(writes);
        if (fault == WriteFault.Refused) throw new StoreUnavailableException("writes fail.");
        if (fault == WriteFault.Full) return [.. writes.Select(_ => new WriteOutcome(null, null, new StoreRefusal(ErrorCodes.StoreFull, "The store is full.", "Make room.", 5000)))];
        if (fault == WriteFault.TooLarge) return [.. writes.Select(write => new WriteOutcome(null, null, StoreRefusal.TooLarge(write.Record.Id, Bytes(write), MostBytes ?? 0)))];
        if (fault == WriteFault.Broken) throw new InvalidOperationException("a store that throws what it may not.");
        if (fault == WriteFault.Late)
        {
            late.Add(writes);
            throw new StoreUnavailableException("the write is on its way.");
        }
        if (fault == WriteFault.ConflictFirst) await Overwrite(writes[0].Record.Id);
        var outcome = await store.Write(writes);
        for (var i = 0; i < writes.Count; i++)
        {
            Torn.Remove(writes[i].Record.Id);
            if (!outcome[i].Conflict) Written.Add(writes[i]);
        }
        if (fault == WriteFault.AnswerLostThenOverwritten) await Overwrite(writes[0].Record.Id);
        return fault is WriteFault.AnswerLost or WriteFault.AnswerLostThenOverwritten ? throw new StoreUnavailableException("the answer is lost.") : outcome;
    }

    public ValueTask<IReadOnlyList<EntityId>> WakeUps() => store.WakeUps();
    public ValueTask<EntityPage> List(EntityQuery query) => store.List(query);

    /// <summary>Another owner writes the same record again.</summary>
    public async ValueTask Overwrite(EntityId id)
    {
        if (await store.Read(id) is { } record) await store.Write([new EntityWrite(record with { WriteId = Guid.NewGuid() }, record.Etag)]);
    }

    WriteFault Fault(IReadOnlyList<EntityWrite> writes) =>
        WritesFail ? WriteFault.Refused : Full ? WriteFault.Full : writes.Any(write => Bytes(write) > MostBytes) ? WriteFault.TooLarge : WriteFault.None;

    static int Bytes(EntityWrite write) => write.Record.Slices.Sum(slice => slice.Bytes.Length);

    async ValueTask Turn(EntityId id)
    {
        if (!Slow && SlowFor?.Invoke(id) != true) return;
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        held.Add(waiting);
        await waiting.Task;
    }
}
