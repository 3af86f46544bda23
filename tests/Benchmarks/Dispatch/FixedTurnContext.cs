using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Benchmarks.Dispatch;

/// <summary>A turn of nobody: the echo handler asks it for nothing.</summary>
internal sealed class FixedTurnContext(object state) : TurnContext
{
    public static readonly EntityId Id = new("echo", "one");

    public override object State { get; set; } = state;
    public override EntityId Entity => Id;
    public override string Caller => CallRequest.Anonymous;
    public override DateTimeOffset Now => DateTimeOffset.UnixEpoch;
    public override long Frame => 0;
    public override ulong Seed => 1;
    public override CancellationToken Token => default;

    public override ValueTask<ReadOnlyMemory<byte>> Call(EntityId to, string operation, ReadOnlyMemory<byte> arguments) => throw NotHere();
    public override void Send(EntityId to, string operation, ReadOnlyMemory<byte> arguments) => throw NotHere();
    public override void Publish(string name, ReadOnlyMemory<byte> data) => throw NotHere();
    public override long Schedule(ScheduledCall call) => throw NotHere();
    public override bool Cancel(long scheduleId) => throw NotHere();
    public override void StartFrames() => throw NotHere();
    public override void StopFrames() => throw NotHere();
    public override void Save() => throw NotHere();
    public override void Run(string name, ModuleJson json, Func<TrackedWork, Task> work) => throw NotHere();
    public override void Create(EntityId entity) => throw NotHere();
    public override void Destroy() => throw NotHere();
    public override void OwnedBy(EntityId owner) => throw NotHere();
    public override void Measure(string name, double value) => throw NotHere();
    public override void Log(TurnLogLevel level, string message) => throw NotHere();
    public override byte[] Data(string dataSet) => throw NotHere();

    static InvalidOperationException NotHere() => new("Only the cost of reaching a handler is measured here; the handler does nothing.");
}
