using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Evergrain.Contracts;

namespace Evergrain.ModuleSdk;

/// <summary>The part of an entity kind that one module owns: its state and all that runs on it. Immutable; safe from any thread.</summary>
public abstract class SliceDefinition
{
    private protected SliceDefinition() { }

    public required string Kind { get; init; }

    /// <summary>Set where the module owns the kind; null where it adds a slice to another module's kind.</summary>
    public required KindOptions? Owner { get; init; }

    /// <summary>The number of the state's schema, from 1.</summary>
    public required int Schema { get; init; }

    public required FrozenDictionary<string, OperationDefinition> Operations { get; init; }
    public required IReadOnlyList<MigrationStep> Steps { get; init; }

    /// <summary>The parts of the state that operators must not see, in order: see <see cref="SliceBuilder{TState}.Secret"/>.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    public TurnHandler? Frame { get; init; }
    public TurnHandler? Created { get; init; }
    public TurnHandler? Activated { get; init; }
    public TurnHandler? Deactivating { get; init; }
    public TurnHandler? Destroyed { get; init; }

    /// <summary>Every method of the author that a turn may enter.</summary>
    public required IReadOnlyList<Delegate> Handlers { get; init; }

    public abstract JsonTypeInfo StateType { get; }
    public abstract object Initial(EntityId entity);

    /// <exception cref="JsonException">The bytes are no state of this schema.</exception>
    public abstract object Decode(ReadOnlyMemory<byte> bytes);
    public abstract byte[] Encode(object state);
}

internal sealed class SliceDefinition<TState>(JsonTypeInfo<TState> stateType, Func<EntityId, TState> initial) : SliceDefinition where TState : class
{
    public override JsonTypeInfo StateType => stateType;
    public override object Initial(EntityId entity) => initial(entity);
    public override object Decode(ReadOnlyMemory<byte> bytes) => ModuleJson.Read(bytes, stateType);
    public override byte[] Encode(object state) => JsonSerializer.SerializeToUtf8Bytes((TState)state, stateType);
}
