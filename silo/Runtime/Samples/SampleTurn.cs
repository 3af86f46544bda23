using Evergrain.Contracts;
using Evergrain.ModulePackaging;
using Evergrain.ModuleSdk;

namespace Evergrain.Runtime.Samples;

/// <summary>The turn of a sample: no entity stands behind it and no other one can be asked. It keeps what would have left.</summary>
internal sealed class SampleTurn(Sample sample, object state) : TurnContext
{
    readonly List<SampleSend> sends = [];
    readonly List<SampleEvent> events = [];
    readonly SortedDictionary<long, SampleSchedule> schedules = [];
    readonly Dictionary<string, byte[]> data = [];
    long scheduled;

    public IReadOnlyList<SampleSend> Sends => sends;
    public IReadOnlyList<SampleEvent> Events => events;
    public IReadOnlyList<SampleSchedule> Schedules => [.. schedules.Values];

    /// <summary>What the handler asked for that a sample cannot give: a call to this operation of this entity.</summary>
    public string? Called { get; private set; }

    /// <summary>A data set that it read and the sample does not bring.</summary>
    public string? MissingData { get; private set; }

    public override object State { get; set; } = state;
    public override EntityId Entity { get; } = new(sample.Kind, sample.Key);
    public override string Caller => sample.Caller;
    public override DateTimeOffset Now => sample.Now ?? DateTimeOffset.UnixEpoch;
    public override long Frame => sample.Frame;
    public override ulong Seed => sample.Seed;
    public override CancellationToken Token => CancellationToken.None;

    public override ValueTask<ReadOnlyMemory<byte>> Call(EntityId to, string operation, ReadOnlyMemory<byte> arguments)
    {
        Called ??= $"{operation} of {to}";
        throw new CallFailedException(new CallError(ErrorCodes.Forbidden, Ran.No, "A sample calls nobody.", "Take a sample that stays within its entity."));
    }

    public override byte[] Data(string dataSet)
    {
        if (data.TryGetValue(dataSet, out var bytes)) return bytes;
        if (sample.Data is not { } brought || !brought.TryGetValue(dataSet, out var content))
        {
            MissingData ??= dataSet;
            throw new InvalidOperationException($"The sample brings no data set {dataSet}.");
        }
        return data[dataSet] = SampleBytes.Utf8(content);
    }

    public override void Send(EntityId to, string operation, ReadOnlyMemory<byte> arguments) => sends.Add(new SampleSend(to.ToString(), operation, SampleBytes.ToJson(arguments)));
    public override void Publish(string name, ReadOnlyMemory<byte> data) => events.Add(new SampleEvent(name, SampleBytes.ToJson(data)));

    public override long Schedule(ScheduledCall call)
    {
        schedules.Add(++scheduled, new SampleSchedule(call.Operation, call.InFrames, SampleBytes.ToJson(call.Arguments), call.EveryFrames, call.Priority, call.ExpiresInFrames));
        return scheduled;
    }

    public override bool Cancel(long scheduleId) => schedules.Remove(scheduleId);

    // The rest has no place in a sample's outcome: it is taken and dropped.
    public override void StartFrames() { }
    public override void StopFrames() { }
    public override void Save() { }
    public override void Run(string name, ModuleJson json, Func<TrackedWork, Task> work) { }
    public override void Create(EntityId entity) { }
    public override void Destroy() { }
    public override void OwnedBy(EntityId owner) { }
    public override void Measure(string name, double value) { }
    public override void Log(TurnLogLevel level, string message) { }
}
