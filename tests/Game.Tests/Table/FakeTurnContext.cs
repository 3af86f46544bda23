using System.Text;
using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Game.Tests.Table;

sealed record Sent(EntityId From, EntityId To, string Operation, byte[] Arguments);
sealed record Told(EntityId From, string Event, string Data);

/// <summary>One turn on the table: it collects what the handler wants, and the table applies it if the turn succeeds.</summary>
sealed class FakeTurnContext(EntityId entity, string caller, long frame, object state) : TurnContext
{
    public List<Sent> Sends { get; } = [];
    public List<Told> Events { get; } = [];
    public List<ScheduledCall> Scheduled { get; } = [];
    public bool? Frames { get; private set; }
    public bool Destroyed { get; private set; }

    public override object State { get; set; } = state;
    public override EntityId Entity => entity;
    public override string Caller => caller;
    public override DateTimeOffset Now => DateTimeOffset.UnixEpoch.AddMilliseconds(frame * 50);
    public override long Frame => frame;
    public override ulong Seed => 1;
    public override CancellationToken Token => default;

    public override void Send(EntityId to, string operation, ReadOnlyMemory<byte> arguments) => Sends.Add(new(entity, to, operation, arguments.ToArray()));
    public override void Publish(string name, ReadOnlyMemory<byte> data) => Events.Add(new(entity, name, Encoding.UTF8.GetString(data.Span)));
    public override void StartFrames() => Frames = true;
    public override void StopFrames() => Frames = false;
    public override void Destroy() => Destroyed = true;

    public override long Schedule(ScheduledCall call)
    {
        Scheduled.Add(call);
        return Scheduled.Count;
    }

    // The sample game uses none of these; a module that begins to is to be played with more than this table.
    public override ValueTask<ReadOnlyMemory<byte>> Call(EntityId to, string operation, ReadOnlyMemory<byte> arguments) => throw NotOnTheTable();
    public override bool Cancel(long scheduleId) => throw NotOnTheTable();
    public override void Save() => throw NotOnTheTable();
    public override void Run(string name, ModuleJson json, Func<TrackedWork, Task> work) => throw NotOnTheTable();
    public override void Create(EntityId created) => throw NotOnTheTable();
    public override void OwnedBy(EntityId owner) => throw NotOnTheTable();
    public override void Measure(string name, double value) => throw NotOnTheTable();
    public override void Log(TurnLogLevel level, string message) => throw NotOnTheTable();
    public override byte[] Data(string dataSet) => throw NotOnTheTable();

    static InvalidOperationException NotOnTheTable() => new("The test table does not play this.");
}
