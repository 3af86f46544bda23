using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Evergrain.ModuleSdk;

/// <summary>One operation, as the silo calls it: bytes in, bytes out. An abstract class, because a call through one across load
/// contexts costs less than half of one through an interface.</summary>
public abstract class OperationDefinition
{
    private protected OperationDefinition(string name, Audience audience) => (Name, Audience) = (name, audience);

    /// <summary><c>module.operation</c>.</summary>
    public string Name { get; }
    public Audience Audience { get; }

    /// <summary>Arguments and result are the operation's own bytes, not JSON.</summary>
    public virtual bool Raw => false;

    /// <summary>The handler may await; otherwise it always completes where it was called.</summary>
    public abstract bool MayAwait { get; }

    /// <summary>For describing the operation in the package; null where it takes none or is raw.</summary>
    public virtual JsonTypeInfo? ArgumentsType => null;

    /// <inheritdoc cref="ArgumentsType"/>
    public virtual JsonTypeInfo? ResultType => null;

    /// <summary>The author's method, so that a silo can compile it before it serves.</summary>
    public abstract Delegate Handler { get; }

    /// <exception cref="BadArgumentsException">The arguments are no JSON of the declared type.</exception>
    /// <exception cref="RejectedException">The rules say no.</exception>
    public abstract ValueTask<ReadOnlyMemory<byte>> Invoke(TurnContext context, ReadOnlyMemory<byte> arguments);

    /// <summary>Why the arguments cannot be read; null when they can, or when they are the operation's own bytes. Runs no handler.</summary>
    public virtual string? Misfit(ReadOnlyMemory<byte> arguments) => null;

    private protected static string? MisfitOf<T>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<T> typeInfo)
    {
        try
        {
            ModuleJson.Read(bytes, typeInfo);
            return null;
        }
        catch (Exception wrong)
        {
            // A type's own constructor may throw as well; only text leaves the module.
            return $"{wrong.GetType().Name}: {wrong.Message}";
        }
    }

    private protected static T ReadArguments<T>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<T> typeInfo)
    {
        try
        {
            return ModuleJson.Read(bytes, typeInfo);
        }
        catch (JsonException wrong)
        {
            throw new BadArgumentsException(wrong.Message);
        }
    }
}

internal sealed class JsonOperation<TState, TArguments, TResult>(
    string name, Audience audience, ModuleJson json, JsonTypeInfo<TArguments> argumentsType, JsonTypeInfo<TResult> resultType,
    Func<Turn<TState>, TArguments, TResult> handler) : OperationDefinition(name, audience) where TState : class
{
    public override bool MayAwait => false;
    public override Delegate Handler => handler;
    public override JsonTypeInfo ArgumentsType => argumentsType;
    public override JsonTypeInfo ResultType => resultType;
    public override string? Misfit(ReadOnlyMemory<byte> arguments) => MisfitOf(arguments, argumentsType);

    public override ValueTask<ReadOnlyMemory<byte>> Invoke(TurnContext context, ReadOnlyMemory<byte> arguments)
    {
        var result = handler(new Turn<TState>(context, json), ReadArguments(arguments, argumentsType));
        return new(JsonSerializer.SerializeToUtf8Bytes(result, resultType));
    }
}

internal sealed class AsyncJsonOperation<TState, TArguments, TResult>(
    string name, Audience audience, ModuleJson json, JsonTypeInfo<TArguments> argumentsType, JsonTypeInfo<TResult> resultType,
    Func<Turn<TState>, TArguments, ValueTask<TResult>> handler) : OperationDefinition(name, audience) where TState : class
{
    public override bool MayAwait => true;
    public override Delegate Handler => handler;
    public override JsonTypeInfo ArgumentsType => argumentsType;
    public override JsonTypeInfo ResultType => resultType;
    public override string? Misfit(ReadOnlyMemory<byte> arguments) => MisfitOf(arguments, argumentsType);

    public override async ValueTask<ReadOnlyMemory<byte>> Invoke(TurnContext context, ReadOnlyMemory<byte> arguments)
    {
        var result = await handler(new Turn<TState>(context, json), ReadArguments(arguments, argumentsType));
        return JsonSerializer.SerializeToUtf8Bytes(result, resultType);
    }
}

internal sealed class RawOperation<TState>(
    string name, Audience audience, ModuleJson json, Func<Turn<TState>, ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> handler)
    : OperationDefinition(name, audience) where TState : class
{
    public override bool Raw => true;
    public override bool MayAwait => false;
    public override Delegate Handler => handler;

    public override ValueTask<ReadOnlyMemory<byte>> Invoke(TurnContext context, ReadOnlyMemory<byte> arguments) =>
        new(handler(new Turn<TState>(context, json), arguments));
}

internal sealed class AsyncRawOperation<TState>(
    string name, Audience audience, ModuleJson json, Func<Turn<TState>, ReadOnlyMemory<byte>, ValueTask<ReadOnlyMemory<byte>>> handler)
    : OperationDefinition(name, audience) where TState : class
{
    public override bool Raw => true;
    public override bool MayAwait => true;
    public override Delegate Handler => handler;

    public override ValueTask<ReadOnlyMemory<byte>> Invoke(TurnContext context, ReadOnlyMemory<byte> arguments) =>
        handler(new Turn<TState>(context, json), arguments);
}
