using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>What started a turn.</summary>
/// <param name="Now">What the module sees: for a frame, when it was due.</param>
/// <param name="BeganTicks">UTC ticks at which it began.</param>
/// <param name="Request">Null for frames and steps of the entity's life.</param>
internal readonly record struct TurnStart(string Operation, DateTimeOffset Now, long BeganTicks, long Frame, CallRequest? Request);

/// <summary>One turn as the module sees it. Nothing it does touches the entity before the turn has succeeded.</summary>
/// <remarks>One is made for every call and every frame: what few turns need stands in <see cref="TurnEffects"/> and <see cref="AwaitedCalls"/>.</remarks>
internal sealed class EntityTurn(EntityActivation activation, int slice, in TurnStart start, ulong seed) : TurnContext
{
    readonly CallRequest? request = start.Request;
    readonly long nowTicks = start.Now.UtcTicks;
    readonly long frame = start.Frame;
    readonly EntityState before = activation.State!;
    object[] states = activation.State!.Slices;
    TurnEffects? effects;
    CancellationTokenSource? cancellation;
    AwaitedCalls? calls;
    long seenEpoch = Math.Max(activation.SeenEpoch, Math.Max(activation.Table!.Epoch, start.Request?.SeenEpoch ?? 0));
    volatile bool ended;

    /// <summary>Which module's slice the running handler sees.</summary>
    public int Slice { get; set; } = slice;

    /// <summary>The one table and the slots of this turn, whatever happens meanwhile.</summary>
    public ModuleTable Table { get; } = activation.Table!;
    public SliceSet Slices { get; } = activation.Slices!;
    public UnawaitedContext Unawaited => activation.Silo.Unawaited;

    /// <summary>The entity comes into being with this turn.</summary>
    public bool Creates { get; set; }

    /// <summary>It is the entity's next frame: if the turn changes anything, it also takes the entity's clock there.</summary>
    public bool IsFrame { get; init; }

    /// <summary>A call that it awaited, or still awaits, may stand although this turn fails. Final once the turn is sealed.</summary>
    public bool Awaited => calls is { MayStand: true };

    public Ran RanIfDropped => Awaited ? Ran.Unknown : Ran.No;
    public EntityId? WaitsFor => calls?.First;
    public long SeenEpoch => Volatile.Read(ref seenEpoch);
    public TurnEffects? Effects => effects;
    public SliceRoute Route => Slices.Routes[Slice];
    public string Operation { get; } = start.Operation;
    public DateTimeOffset Deadline => request?.Deadline ?? new DateTimeOffset(BeganTicks, TimeSpan.Zero) + CallRequest.DefaultDeadline;
    public bool IsDelivery => request is { Delivery: true };
    public long BeganTicks { get; } = start.BeganTicks;

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
    public override string Caller => request?.Caller ?? activation.Id.ToString();
    public override DateTimeOffset Now => new(nowTicks, TimeSpan.Zero);
    public override long Frame => frame;
    public override ulong Seed => seed;

    public override CancellationToken Token
    {
        get
        {
            Guard();
            if (cancellation is null)
            {
                var left = Deadline - activation.Silo.Time.GetUtcNow();
                cancellation = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, activation.Silo.Time);
            }
            return cancellation.Token;
        }
    }

    /// <summary>The entity after this turn; the same object when the turn changed nothing.</summary>
    /// <exception cref="EffectsTooManyException">The entity would hold more than it may.</exception>
    public EntityState Next()
    {
        if (ReferenceEquals(states, before.Slices) && !Creates && effects is null) return before;
        var frames = IsFrame ? before.Frames.Advance(frame, Slices.Options.FramesPerSecond) : before.Frames;
        var next = before with { Slices = states, Created = before.Created || Creates, Frames = frames };
        return effects is null ? next : effects.Apply(next, SeenEpoch, Now, Slices.Options.FramesPerSecond);
    }

    /// <summary>Its handler awaits: only then may it call. Said before the handler begins.</summary>
    public void LetCall() => calls = new AwaitedCalls();

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
            activation.Silo.Log.Turn(TurnLogLevel.Warning, activation.Id, Operation, Route.Slot.Id, Table.Epoch, $"A callback of the turn's token failed: {thrown.GetBaseException().Message}");
        }
        cancellation.Dispose();
    }

    public override async ValueTask<ReadOnlyMemory<byte>> Call(EntityId to, string operation, ReadOnlyMemory<byte> arguments)
    {
        Guard();
        if (calls is null)
        {
            activation.Silo.Log.Unawaited();
            throw new InvalidOperationException($"{Operation} may not await and so may not call: make the operation async, or send.");
        }
        var ordinal = calls.Begin(to);
        if (ended) calls.Withdraw(to);
        Guard();
        var reply = await activation.Silo.Caller.Call(new CallRequest
        {
            Entity = to,
            Operation = operation,
            Arguments = arguments,
            Caller = activation.Id.ToString(),
            Deadline = Deadline,
            Key = request?.Key is { } key ? DerivedKey.For(key, activation.Id, ordinal) : null,
            SeenEpoch = SeenEpoch,
            Chain = new CallChain(activation.Id, request?.Chain),
        });
        if (reply.SeenEpoch > SeenEpoch) Volatile.Write(ref seenEpoch, reply.SeenEpoch);
        calls.End(to, stands: reply.Error is null || reply.Error.Ran != Ran.No);
        return reply.Error is { } error ? throw new CallFailedException(error) : reply.Result;
    }

    public override void Send(EntityId to, string operation, ReadOnlyMemory<byte> arguments)
    {
        if (to == default) throw new ArgumentException("A send needs a target.", nameof(to));
        if (operation.Length == 0) throw new ArgumentException("A send needs an operation: name it module.operation.", nameof(operation));
        var open = Open();
        open.Add(new OutboxEntry(++open.LastSendNumber, activation.Silo.Ids.NewGuid(), to, operation, arguments.ToArray(), Now, SeenEpoch));
    }

    public override void Publish(string name, ReadOnlyMemory<byte> data) => Open().Add(name, data, Route.Slot);

    public override long Schedule(ScheduledCall call)
    {
        if (call.InFrames is < 1 or > ScheduledCall.MaxFrames || call.EveryFrames is < 1 or > ScheduledCall.MaxFrames || call.ExpiresInFrames is < 0 or > ScheduledCall.MaxFrames)
            throw new ArgumentOutOfRangeException(nameof(call), $"An entry is due, and repeats, after 1 to {ScheduledCall.MaxFrames} frames, and expires after 0 to {ScheduledCall.MaxFrames}; for one that never expires give null.");
        if (!Slices.TryFind(call.Operation, out _, out _))
            throw new ArgumentException($"This entity has no operation '{call.Operation}': name it module.operation.", nameof(call));
        var (open, due) = (Open(), frame + call.InFrames);
        open.Add(new ScheduleEntry(++open.LastScheduleId, due, call.EveryFrames, call.Operation, call.Arguments.ToArray(), call.Priority, due + call.ExpiresInFrames));
        return open.LastScheduleId;
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
        activation.Silo.Log.Turn(level, activation.Id, Operation, Route.Slot.Id, Table.Epoch, message);
    }

    public override byte[] Data(string dataSet)
    {
        Guard();
        return Slices.Data.GetValueOrDefault(dataSet) ?? throw new InvalidOperationException($"This release has no data set '{dataSet}'.");
    }

    TurnEffects Open()
    {
        Guard();
        return effects ??= new TurnEffects(before.Extras);
    }

    void Guard()
    {
        if (ended) throw new InvalidOperationException($"The turn {Operation} of {activation.Id} is over: a turn is not for use after its handler has ended.");
    }
}
