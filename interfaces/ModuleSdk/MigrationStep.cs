using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Evergrain.ModuleSdk;

/// <summary>One step between two schemas of a slice, a pure function from bytes to bytes.</summary>
public abstract class MigrationStep
{
    private protected MigrationStep(int from, int to) => (From, To) = (from, to);
    public int From { get; }
    public int To { get; }
    public abstract Delegate Handler { get; }
    public abstract byte[] Migrate(ReadOnlyMemory<byte> state);
}

internal sealed class MigrationStep<TFrom, TTo>(int from, int to, JsonTypeInfo<TFrom> fromType, JsonTypeInfo<TTo> toType, Func<TFrom, TTo> step)
    : MigrationStep(from, to)
{
    readonly CarriedFields carried = new(fromType, toType);

    public override Delegate Handler => step;

    public override byte[] Migrate(ReadOnlyMemory<byte> state) =>
        carried.Carry(state.Span, JsonSerializer.SerializeToUtf8Bytes(step(ModuleJson.Read(state, fromType)), toType));
}
