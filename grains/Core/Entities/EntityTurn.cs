using System.Collections.Immutable;
using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>What started a turn.</summary>
/// <param name="Now">What the module sees: for a frame, when it was due.</param>
/// <param name="BeganTicks">UTC ticks at which it began.</param>
/// <param name="Request">Null for frames and steps of the entity's life.</param>
internal readonly record struct TurnStart(string Operation, DateTimeOffset Now, long BeganTicks, long Frame, DateTimeOffset Deadline, CallRequest? Request);

/// <summary>One turn as the module sees it. Nothing it does touches the entity before the turn has succeeded.</summary>
internal sealed class EntityTurn(EntityActivation activation, int slice, in TurnStart start, ulong seed) : TurnContext
{
    readonly TurnStart start = start;
    readonly EntityState before = activation.State!;
    object[] states = activation.State!.Slices;
    TurnEffects? effects;
    CancellationTokenSource? cancellation;
    ImmutableList<EntityId> waitsFor = [];
    long lastScheduleId = activation.State!.Extras.LastScheduleId;
    long lastSendNumber = activation.State!.Extras.LastSendNumber;
    long seenEpoch = Math.Max(activation.SeenEpoch, Math.Max(activation.Table!.Epoch, start.Request?.SeenEpoch ?? 0));
    int calls;
    bool callStands;
    volatile bool ended;

    /// <summary>Which module's slice the running handler sees.</summary>
    public int Slice { get; set; } = slice;

    /// <summary>The one table and the slots of this turn, whatever happens meanwhile.</summary>
    public ModuleTable Table { get; } = activation.Table!;
    public SliceSet Slices { get; } = activation.Slices!;

    /// <summary>Its handler awaits: only then may it call.</summary>
    public bool MayAwait { get; set; }
    public UnawaitedContext Unawaited => activation.Silo.Unawaited;

    /// <summary>The entity comes into being with this turn.</summary>
    public bool Creates { get; set; }

    /// <summary>A call that it awaited, or still awaits, may stand although this turn fails. Final once the turn is sealed.</summary>
    public bool Awaited
    {
        get
        {
            // A call says that it is there before it looks at the seal, and that it stands before it is there no more: here it is the other way round.
            Interlocked.MemoryBarrier();
            return !Volatile.Read(ref waitsFor).IsEmpty || Volatile.Read(ref callStands);
        }
    }

    public Ran RanIfDropped => Awaited ? Ran.Unknown : Ran.No;
    public EntityId? WaitsFor => Volatile.Read(ref waitsFor) is [var first, ..] ? first : null;
    public long SeenEpoch => Volatile.Read(ref seenEpoch);
    public TurnEffects? Effects => effects;
    public SliceRoute Route => Slices.Routes[Slice];
    public string Operation => start.Operation;
    public DateTimeOffset Deadline => start.Deadline;
    public bool IsDelivery => start.Request is { Delivery: true };
    public long BeganTicks => start.BeganTicks;

    /// <summary>For the instruments only, which read the clock only when somebody listens.</summary>
    public long MeasuredFrom { get; } = activation.Silo.Instruments.Begin();

    public override object State
    {
        get
        {
            Guard();
            return states[Slice];
        }
        set
        {
            Guard();
            if (ReferenceEquals(states[Slice], value)) return;
            if (ReferenceEquals(states, before.Slices)) states = [.. states];
            states[Slice] = value;
        }
    }

    public override EntityId Entity => activation.Id;
    public override string Caller => start.Request?.Caller ?? activation.Id.ToString();
    public override DateTimeOffset Now => start.Now;
    public override long Frame => start.Frame;
    public override ulong Seed => seed;

    public override CancellationToken Token
    {
        get
        {
            Guard();
            if (cancellation is null)
            {
                var left = start.Deadline - activation.Silo.Time.GetUtcNow();
                cancellation = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, activation.Silo.Time);
            }
            return cancellation.Token;
        }
    }

    /// <summary>The entity after this turn; the same object when the turn changed nothing.</summary>
    /// <exception cref="EffectsTooManyException">The entity would hold more than it may.</exception>
    public EntityState Next()
    {
        var next = ReferenceEquals(states, before.Slices) && !Creates ? before : before with { Slices = states, Created = before.Created || Creates };
        return effects is null ? next : effects.Apply(next, lastScheduleId, lastSendNumber, SeenEpoch, start.Now, Slices.Options.FramesPerSecond);
    }

    /// <summary>From now on the module cannot use it: what it has come to is being told, or written.</summary>
    public void Seal() => ended = true;

    /// <summary>Sealed, and its token with it.</summary>
    public void End()
    {
        ended = true;
        if (cancellation is null) return;
        try
        {
            cancellation.Cancel();
        }
        catch (AggregateException thrown)
        {
            // What the module hung on the token threw: the turn's outcome stands.
            activation.Silo.Log.Turn(TurnLogLevel.Warning, activation.Id, start.Operation, Route.Slot.Id, Table.Epoch, $"A callback of the turn's token failed: {thrown.GetBaseException().Message}");
        }
        cancellation.Dispose();
    }

    public override async ValueTask<ReadOnlyMemory<byte>> Call(EntityId to, string operation, ReadOnlyMemory<byte> arguments)
    {
        Guard();
        if (!MayAwait)
        {
            activation.Silo.Log.Unawaited();
            throw new InvalidOperationException($"{start.Operation} may not await and so may not call: make the operation async, or send.");
        }
        var ordinal = ++calls;
        Volatile.Write(ref waitsFor, waitsFor.Add(to));
        Interlocked.MemoryBarrier();
        if (ended) Volatile.Write(ref waitsFor, waitsFor.Remove(to));
        Guard();
        var reply = await activation.Silo.Caller.Call(new CallRequest
        {
            Entity = to,
            Operation = operation,
            Arguments = arguments,
            Caller = activation.Id.ToString(),
            Deadline = start.Deadline,
            Key = start.Request?.Key is { } key ? DerivedKey.For(key, activation.Id, ordinal) : null,
            SeenEpoch = SeenEpoch,
            Chain = new CallChain(activation.Id, start.Request?.Chain),
        });
        if (reply.SeenEpoch > SeenEpoch) Volatile.Write(ref seenEpoch, reply.SeenEpoch);
        if (reply.Error is null || reply.Error.Ran != Ran.No) Volatile.Write(ref callStands, true);
        Volatile.Write(ref waitsFor, waitsFor.Remove(to));
        return reply.Error is { } error ? throw new CallFailedException(error) : reply.Result;
    }

    public override void Send(EntityId to, string operation, ReadOnlyMemory<byte> arguments)
    {
        if (to == default) throw new ArgumentException("A send needs a target.", nameof(to));
        if (operation.Length == 0) throw new ArgumentException("A send needs an operation: name it module.operation.", nameof(operation));
        Open().Add(new OutboxEntry(++lastSendNumber, activation.Silo.Ids.NewGuid(), to, operation, arguments.ToArray(), start.Now, SeenEpoch));
    }

    public override void Publish(string name, ReadOnlyMemory<byte> data) => Open().Add(name, data, Route.Slot);

    public override long Schedule(ScheduledCall call)
    {
        if (call.InFrames is < 1 or > ScheduledCall.MaxFrames || call.EveryFrames is < 1 or > ScheduledCall.MaxFrames || call.ExpiresInFrames is < 0 or > ScheduledCall.MaxFrames)
            throw new ArgumentOutOfRangeException(nameof(call), $"An entry is due, and repeats, after 1 to {ScheduledCall.MaxFrames} frames, and expires after 0 to {ScheduledCall.MaxFrames}; for one that never expires give null.");
        if (!Slices.TryFind(call.Operation, out _, out _))
            throw new ArgumentException($"This entity has no operation '{call.Operation}': name it module.operation.", nameof(call));
        var due = start.Frame + call.InFrames;
        Open().Add(new ScheduleEntry(++lastScheduleId, due, call.EveryFrames, call.Operation, call.Arguments.ToArray(), call.Priority, due + call.ExpiresInFrames));
        return lastScheduleId;
    }

    public override bool Cancel(long scheduleId)
    {
        var open = Open();
        if (!before.Extras.Schedule.ContainsKey(scheduleId) && !open.IsScheduled(scheduleId)) return false;
        open.Cancel(scheduleId);
        return true;
    }

    public override void StartFrames() => Open().Frames = true;
    public override void StopFrames() => Open().Frames = false;
    public override void Save() => Open().Save = true;

    public override void Run(string name, ModuleJson json, Func<TrackedWork, Task> work)
    {
        var open = Open();
        if (open.WorkCount + (activation.Work?.Count ?? 0) >= TrackedWorkSet.MaxPerEntity)
            throw new EffectsTooManyException($"An entity has at most {TrackedWorkSet.MaxPerEntity} pieces of tracked work.");
        open.Add(new PendingWork(name, Route.Slot, json, work));
    }

    public override void Create(EntityId entity) => Send(entity, InternalOperations.Create, default);
    public override void Destroy() => Open().Destroy = true;

    public override void OwnedBy(EntityId owner)
    {
        var open = Open();
        if ((open.Owner ?? before.Extras.Owner) is { } last && last != owner) Send(last, InternalOperations.Disown, default);
        open.Owner = owner;
        Send(owner, InternalOperations.Own, default);
    }

    public override void Measure(string name, double value)
    {
        Guard();
        activation.Silo.Instruments.Measured(Route.Slot.Id, name, value);
    }

    public override void Log(TurnLogLevel level, string message)
    {
        Guard();
        activation.Silo.Log.Turn(level, activation.Id, start.Operation, Route.Slot.Id, Table.Epoch, message);
    }

    public override byte[] Data(string dataSet)
    {
        Guard();
        return Slices.Data.GetValueOrDefault(dataSet) ?? throw new InvalidOperationException($"This release has no data set '{dataSet}'.");
    }

    TurnEffects Open()
    {
        Guard();
        return effects ??= new TurnEffects();
    }

    void Guard()
    {
        if (ended) throw new InvalidOperationException($"The turn {start.Operation} of {activation.Id} is over: a turn is not for use after its handler has ended.");
    }
}
