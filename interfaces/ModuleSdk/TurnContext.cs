using Evergrain.Contracts;

namespace Evergrain.ModuleSdk;

/// <summary>What the engine gives to one turn, in bytes. Authors use <see cref="Turn{TState}"/>; only engines derive from this.</summary>
public abstract class TurnContext
{
    /// <summary>The slice of the running module as of now; assigned by the handler, kept only if the turn succeeds.</summary>
    public abstract object State { get; set; }

    public abstract EntityId Entity { get; }
    public abstract string Caller { get; }
    public abstract DateTimeOffset Now { get; }
    public abstract long Frame { get; }
    public abstract ulong Seed { get; }
    public abstract CancellationToken Token { get; }

    public abstract ValueTask<ReadOnlyMemory<byte>> Call(EntityId to, string operation, ReadOnlyMemory<byte> arguments);
    public abstract void Send(EntityId to, string operation, ReadOnlyMemory<byte> arguments);
    public abstract void Publish(string name, ReadOnlyMemory<byte> data);
    public abstract long Schedule(ScheduledCall call);
    public abstract bool Cancel(long scheduleId);
    public abstract void StartFrames();
    public abstract void StopFrames();
    public abstract void Save();
    public abstract void Run(string name, ModuleJson json, Func<TrackedWork, Task> work);
    public abstract void Create(EntityId entity);
    public abstract void Destroy();
    public abstract void OwnedBy(EntityId owner);
    public abstract void Measure(string name, double value);
    public abstract void Log(TurnLogLevel level, string message);

    /// <summary>The bytes of the data set's serving version; the same array for as long as the version is the same.</summary>
    public abstract byte[] Data(string dataSet);
}

public enum TurnLogLevel { Debug, Information, Warning, Error }
