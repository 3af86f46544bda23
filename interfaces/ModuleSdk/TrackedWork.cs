using Evergrain.Contracts;

namespace Evergrain.ModuleSdk;

/// <summary>The only way to do something beside a turn. Listed by name, age and origin while it lives. It has no state of its own:
/// what it finds out goes back to the entity by a call.</summary>
public abstract class TrackedWork
{
    readonly ModuleJson json;

    protected TrackedWork(ModuleJson json) => this.json = json;

    public abstract EntityId Entity { get; }
    public abstract DateTimeOffset Now { get; }

    /// <summary>Ends when the activation ends, when the version retires or is replaced here, or past the work's deadline.</summary>
    public abstract CancellationToken Token { get; }

    /// <exception cref="OperationCanceledException">The work is to end.</exception>
    public abstract Task Delay(TimeSpan time);

    public abstract void Log(TurnLogLevel level, string message);

    protected abstract ValueTask<ReadOnlyMemory<byte>> CallBytes(EntityId to, string operation, ReadOnlyMemory<byte> arguments);

    /// <exception cref="CallFailedException">The call ended in an error.</exception>
    public async ValueTask<TResult> Call<TArguments, TResult>(EntityId to, string operation, TArguments arguments) =>
        json.Read<TResult>(await CallBytes(to, operation, json.Write(arguments)));

    /// <exception cref="CallFailedException">The call ended in an error.</exception>
    public ValueTask<ReadOnlyMemory<byte>> Call(EntityId to, string operation, ReadOnlyMemory<byte> arguments) => CallBytes(to, operation, arguments);
}
