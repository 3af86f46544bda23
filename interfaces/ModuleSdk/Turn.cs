using Evergrain.Contracts;

namespace Evergrain.ModuleSdk;

/// <summary>One call or frame that runs alone in its entity. All or nothing: state, sends, events and schedules are dropped if the
/// handler throws. Valid until the handler ends; not for use from other threads.</summary>
public abstract class Turn
{
    readonly TurnContext context;
    readonly ModuleJson json;
    TurnRandom? random;

    private protected Turn(TurnContext context, ModuleJson json)
    {
        this.context = context;
        this.json = json;
    }

    private protected TurnContext Context => context;

    /// <summary>The entity that the turn runs in.</summary>
    public EntityId Entity => context.Entity;

    /// <summary>A player's name, <c>anonymous</c>, or an entity id for calls between entities; the entity itself for frames.</summary>
    public string Caller => context.Caller;

    /// <summary>When the turn started; for a frame, when the frame was due.</summary>
    public DateTimeOffset Now => context.Now;

    /// <summary>The number of the entity's current frame; it never falls and has no gaps.</summary>
    public long Frame => context.Frame;

    /// <summary>Chance that is seeded for this turn: the same turn draws the same numbers.</summary>
    public Random Random => random ??= new TurnRandom(context.Seed);

    /// <summary>Ends with the activation or with the call's deadline.</summary>
    public CancellationToken Token => context.Token;

    /// <summary>The serving version of a data set that the module declared with <see cref="ModuleBuilder.Data{T}"/>.</summary>
    public T Data<T>() where T : class
    {
        var reader = json.DataSet<T>();
        return reader.Read(context.Data(reader.Name));
    }

    /// <summary>Calls another entity and waits. The state cannot change meanwhile, because no other turn runs here. A call that has
    /// been awaited is not undone when this turn fails.</summary>
    /// <exception cref="CallFailedException">The call ended in an error.</exception>
    public async ValueTask<TResult> Call<TArguments, TResult>(EntityId to, string operation, TArguments arguments) =>
        json.Read<TResult>(await context.Call(to, operation, json.Write(arguments)));

    /// <inheritdoc cref="Call{TArguments, TResult}"/>
    public async ValueTask<TResult> Call<TResult>(EntityId to, string operation) =>
        json.Read<TResult>(await context.Call(to, operation, default));

    /// <inheritdoc cref="Call{TArguments, TResult}"/>
    public ValueTask<ReadOnlyMemory<byte>> Call(EntityId to, string operation, ReadOnlyMemory<byte> arguments) =>
        context.Call(to, operation, arguments);

    /// <summary>Sends to another entity without waiting. Leaves only if the turn succeeds, after its state was written, and arrives once.</summary>
    public void Send<TArguments>(EntityId to, string operation, TArguments arguments) => context.Send(to, operation, json.Write(arguments));

    /// <inheritdoc cref="Send{TArguments}"/>
    public void Send(EntityId to, string operation, ReadOnlyMemory<byte> arguments) => context.Send(to, operation, arguments);

    /// <summary>Tells the entity's subscribers. The type was named with <see cref="SliceBuilder{TState}.Event{TEvent}"/>.</summary>
    public void Publish<TEvent>(TEvent gameEvent) => context.Publish(json.EventName<TEvent>(), json.Write(gameEvent));

    /// <summary>Runs an operation of this entity after so many frames.</summary>
    /// <param name="frames">1 or more.</param>
    /// <param name="operation">Full name, <c>module.operation</c>.</param>
    /// <param name="priority">Among entries of one frame the higher runs first.</param>
    /// <param name="expires">Dropped when it could not run within this many frames after it was due.</param>
    /// <returns>For <see cref="Cancel"/>.</returns>
    public long After<TArguments>(long frames, string operation, TArguments arguments, int priority = 0, long? expires = null) =>
        context.Schedule(new ScheduledCall(operation, json.Write(arguments), frames, null, priority, expires));

    /// <summary>Runs an operation of this entity every so many frames, until <see cref="Cancel"/>.</summary>
    /// <inheritdoc cref="After{TArguments}"/>
    public long Every<TArguments>(long frames, string operation, TArguments arguments, int priority = 0, long? expires = null) =>
        context.Schedule(new ScheduledCall(operation, json.Write(arguments), frames, frames, priority, expires));

    /// <summary>Takes a scheduled entry back. False when it has run already or never was.</summary>
    public bool Cancel(long scheduleId) => context.Cancel(scheduleId);

    /// <summary>From now on the kind's frame handlers run at its rate, until <see cref="StopFrames"/>. The entity stays awake meanwhile,
    /// and comes back by itself when its silo dies.</summary>
    public void StartFrames() => context.StartFrames();

    public void StopFrames() => context.StopFrames();

    /// <summary>Writes the entity before the reply leaves, whatever its durability.</summary>
    public void Save() => context.Save();

    /// <summary>Does something beside turns. Starts only if the turn succeeds; belongs to this activation and version: cancelled when
    /// the entity deactivates, when the version retires, and at the call's deadline where it has one of its own.</summary>
    public void Run(string name, Func<TrackedWork, Task> work) => context.Run(name, json, work);

    /// <summary>Creates an entity, where it does not exist: its first state is made and its created handlers run. Leaves with the sends.</summary>
    public void Create(EntityId entity) => context.Create(entity);

    /// <summary>Destroys this entity after the turn, with all that it owns.</summary>
    public void Destroy() => context.Destroy();

    /// <summary>This entity is destroyed when its owner is.</summary>
    public void OwnedBy(EntityId owner) => context.OwnedBy(owner);

    /// <summary>Records a number of the game, for dashboards and for judging a version.</summary>
    public void Measure(string name, double value) => context.Measure(name, value);

    public void Log(string message) => context.Log(TurnLogLevel.Information, message);
    public void Log(TurnLogLevel level, string message) => context.Log(level, message);

    /// <summary>Says no by the rules of the game: <c>throw turn.Reject("not-enough-gold", "…")</c>.</summary>
    public RejectedException Reject(string reason, string message) => new(reason, message);
}

/// <inheritdoc/>
public sealed class Turn<TState> : Turn where TState : class
{
    internal Turn(TurnContext context, ModuleJson json) : base(context, json) { }

    /// <summary>This module's slice of the entity. Immutable: assign a new one. Kept only if the turn succeeds.</summary>
    public TState State
    {
        get => (TState)Context.State;
        set => Context.State = value ?? throw new ArgumentNullException(nameof(value), "A slice's state is never null.");
    }
}
