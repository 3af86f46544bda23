using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;
using Evergrain.Contracts;

namespace Evergrain.ModuleSdk;

/// <summary>Declares the operations, frames, events and migrations of one slice. Handlers are static methods.</summary>
public sealed class SliceBuilder<TState> : ISliceBuilder where TState : class
{
    readonly ModuleBuilder module;
    readonly int schema;
    readonly Func<EntityId, TState> initial;
    readonly KindOptions? owner;
    readonly List<OperationDefinition> operations = [];
    readonly List<MigrationStep> steps = [];
    readonly SortedSet<string> secrets = new(StringComparer.Ordinal);
    readonly JsonTypeInfo<TState>? stateType;
    TurnHandler? frame, created, activated, deactivating, destroyed;

    internal SliceBuilder(ModuleBuilder module, string kind, int schema, Func<EntityId, TState> initial, KindOptions? owner)
    {
        (this.module, Kind, this.schema, this.initial, this.owner) = (module, kind, schema, initial, owner);
        stateType = Need<TState>($"the state of {kind}");
        if (!EntityId.IsKind(kind)) module.Report("bad-kind", kind, $"'{kind}' is not an entity kind: a lower-case letter, then lower-case letters, digits or '-'.");
        if (schema < 1) module.Report("bad-schema", kind, $"The schema of {kind} is {schema}; schemas count from 1.");
        CheckOptions();
    }

    public string Kind { get; }
    IEnumerable<string> ISliceBuilder.OperationNames => operations.Select(operation => operation.Name);

    /// <summary>An operation that answers where it is called.</summary>
    public SliceBuilder<TState> Operation<TArguments, TResult>(string name, Func<Turn<TState>, TArguments, TResult> handler, Audience audience = Audience.Anyone) =>
        Need<TArguments>(name) is { } arguments && Need<TResult>(name) is { } result
            ? Add(name, handler, full => new JsonOperation<TState, TArguments, TResult>(full, audience, module.Types, arguments, result, handler))
            : this;

    /// <summary>An operation that may await calls to other entities.</summary>
    public SliceBuilder<TState> Operation<TArguments, TResult>(string name, Func<Turn<TState>, TArguments, ValueTask<TResult>> handler, Audience audience = Audience.Anyone) =>
        Need<TArguments>(name) is { } arguments && Need<TResult>(name) is { } result
            ? Add(name, handler, full => new AsyncJsonOperation<TState, TArguments, TResult>(full, audience, module.Types, arguments, result, handler))
            : this;

    /// <summary>An operation on raw bytes, for a codec of the game's own.</summary>
    public SliceBuilder<TState> RawOperation(string name, Func<Turn<TState>, ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> handler, Audience audience = Audience.Anyone) =>
        Add(name, handler, full => new RawOperation<TState>(full, audience, module.Types, handler));

    /// <inheritdoc cref="RawOperation(string, Func{Turn{TState}, ReadOnlyMemory{byte}, ReadOnlyMemory{byte}}, Audience)"/>
    public SliceBuilder<TState> RawOperation(string name, Func<Turn<TState>, ReadOnlyMemory<byte>, ValueTask<ReadOnlyMemory<byte>>> handler, Audience audience = Audience.Anyone) =>
        Add(name, handler, full => new AsyncRawOperation<TState>(full, audience, module.Types, handler));

    /// <summary>Runs at the kind's rate between <c>turn.StartFrames()</c> and <c>turn.StopFrames()</c>.</summary>
    public SliceBuilder<TState> Frame(Action<Turn<TState>> handler) => Set(ref frame, "frame", handler);

    /// <summary>Runs once, when the entity comes into being.</summary>
    public SliceBuilder<TState> Created(Action<Turn<TState>> handler) => Set(ref created, "created", handler);

    /// <summary>Runs whenever the entity comes into memory.</summary>
    public SliceBuilder<TState> Activated(Action<Turn<TState>> handler) => Set(ref activated, "activated", handler);

    /// <summary>Runs before the entity leaves memory in good order; not when its silo dies.</summary>
    public SliceBuilder<TState> Deactivating(Action<Turn<TState>> handler) => Set(ref deactivating, "deactivating", handler);

    /// <summary>Runs last, before the entity's record is removed.</summary>
    public SliceBuilder<TState> Destroyed(Action<Turn<TState>> handler) => Set(ref destroyed, "destroyed", handler);

    /// <summary>Names an event, so that <c>turn.Publish(value)</c> knows it as <c>module.name</c>.</summary>
    public SliceBuilder<TState> Event<TEvent>(string name)
    {
        CheckName(name);
        if (Need<TEvent>(name) is { } typeInfo) module.Describe($"{module.Name}.{name}", typeInfo);
        if (!module.Types.TryAddEvent(typeof(TEvent), $"{module.Name}.{name}"))
            module.Report("declared-twice", name, $"The event type {typeof(TEvent).Name} is declared twice.");
        return this;
    }

    /// <summary>How a state of an older schema becomes one of this schema. Steps make chains: a state of schema 1 comes to 3 by a step from 1
    /// to 2 and one from 2 to 3, wherever each is declared, here or in a version that served before.</summary>
    public SliceBuilder<TState> MigratesFrom<TOld>(int oldSchema, Func<TOld, TState> up) => AddStep(oldSchema, schema, up);

    /// <summary>How a state of this schema becomes one of an older schema, for undo. A module without a step down says in its manifest that it
    /// goes one way, and a rollout of it is refused unless the operator accepts that.</summary>
    public SliceBuilder<TState> MigratesTo<TOld>(int oldSchema, Func<TState, TOld> down) => AddStep(schema, oldSchema, down);

    /// <summary>A step between two older schemas, up or down, where no version that served before brings it.</summary>
    public SliceBuilder<TState> MigratesBetween<TFrom, TTo>(int from, int to, Func<TFrom, TTo> step)
    {
        if (from == schema || to == schema) module.Report("bad-migration", Kind, $"A migration of {Kind} from {from} to {to}: {schema} is this version's own schema; declare MigratesFrom or MigratesTo.");
        return AddStep(from, to, step);
    }

    /// <summary>Marks parts of the state that operators must not see: where an entity is shown they are masked. By default nothing is secret.</summary>
    /// <param name="paths">Each a member as it is called in JSON, or a way to it, such as <c>account.token</c>; arrays are passed through, and <c>*</c> stands for
    /// every member of a dictionary.</param>
    public SliceBuilder<TState> Secret(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (stateType is not null && SecretPath.WhyNot(path, stateType) is { } why) module.Report("bad-secret", $"{Kind}.{path}", $"'{path}' of {Kind} cannot be secret: {why}");
            secrets.Add(path);
        }
        return this;
    }

    SliceDefinition ISliceBuilder.Build() => stateType is null ? null! : new SliceDefinition<TState>(stateType, initial)
    {
        Kind = Kind,
        Owner = owner,
        Schema = schema,
        Operations = operations.DistinctBy(operation => operation.Name).ToFrozenDictionary(operation => operation.Name, StringComparer.Ordinal),
        Steps = steps,
        Secrets = [.. secrets],
        Frame = frame,
        Created = created,
        Activated = activated,
        Deactivating = deactivating,
        Destroyed = destroyed,
        Handlers =
        [
            .. operations.Select(operation => operation.Handler), .. steps.Select(step => step.Handler), initial,
            .. new[] { frame, created, activated, deactivating, destroyed }.OfType<TurnHandler>().Select(handler => handler.Handler),
        ],
    };

    SliceBuilder<TState> Add(string name, Delegate handler, Func<string, OperationDefinition> make)
    {
        CheckName(name);
        CheckStatic(name, handler);
        operations.Add(make($"{module.Name}.{name}"));
        return this;
    }

    SliceBuilder<TState> Set(ref TurnHandler? place, string name, Action<Turn<TState>> handler)
    {
        if (place is not null) module.Report("declared-twice", $"{Kind}.{name}", $"The {name} handler of {Kind} is declared twice.");
        CheckStatic(name, handler);
        place = new TurnHandler<TState>(module.Types, handler);
        return this;
    }

    SliceBuilder<TState> AddStep<TFrom, TTo>(int from, int to, Func<TFrom, TTo> step)
    {
        if (Need<TFrom>($"migration {from} to {to}") is not { } fromType || Need<TTo>($"migration {from} to {to}") is not { } toType) return this;
        if (from == to || Math.Min(from, to) < 1 || Math.Max(from, to) > schema) module.Report("bad-migration", Kind, $"A migration of {Kind} from {from} to {to}: two different schemas from 1 to {schema}, which is this version's.");
        if (steps.Any(other => other.From == from && other.To == to)) module.Report("declared-twice", Kind, $"The migration of {Kind} from {from} to {to} is declared twice.");
        CheckStatic($"migration {from} to {to}", step);
        steps.Add(new MigrationStep<TFrom, TTo>(from, to, fromType, toType, step));
        return this;
    }

    JsonTypeInfo<T>? Need<T>(string where)
    {
        var typeInfo = module.Types.Find<T>();
        if (typeInfo is null) module.Report("type-without-json", where, ModuleJson.MissingType(typeof(T)));
        return typeInfo;
    }

    void CheckName(string name)
    {
        if (!EntityId.IsKind(name)) module.Report("bad-name", name, $"'{name}' is not a name: a lower-case letter, then lower-case letters, digits or '-'.");
    }

    // A captured variable would be state beside the slice: shared by every entity, lost at a reload.
    void CheckStatic(string where, Delegate handler)
    {
        if (handler.Target is { } target && target.GetType().GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic).Length > 0)
            module.Report("captures", $"{Kind}.{where}", $"The handler of {Kind}.{where} captures variables: use a static method.");
    }

    void CheckOptions()
    {
        if (owner is null) return;
        if (owner.FramesPerSecond is < 1 or > 100) module.Report("bad-option", Kind, $"FramesPerSecond of {Kind} is {owner.FramesPerSecond}; it ranges from 1 to 100.");
        if (owner.CatchUpFrames is < 1 or > 1000) module.Report("bad-option", Kind, $"CatchUpFrames of {Kind} is {owner.CatchUpFrames}; it ranges from 1 to 1,000.");
        if (owner.IdleAfter < TimeSpan.FromSeconds(1) || owner.IdleAfter > TimeSpan.FromDays(1)) module.Report("bad-option", Kind, $"IdleAfter of {Kind} is {owner.IdleAfter}; it ranges from 1 s to 1 day.");
    }
}
