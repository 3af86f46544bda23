using System.Collections.Concurrent;
using Evergrain.Contracts;

namespace Evergrain.Gateway.Tests.Fakes;

/// <summary>Stands for the engine: echoes unless a test scripts something else, remembers what it was asked, and publishes what a test says.</summary>
internal sealed class Engine : IEntityCaller, IEventSource
{
    readonly ConcurrentDictionary<EntityId, List<IEventSink>> sinks = new();

    public ConcurrentQueue<CallRequest> Requests { get; } = new();
    public Func<CallRequest, ValueTask<CallReply>> Answer { get; set; } = request => new(Echo(request));

    public static CallReply Echo(CallRequest request) => Ok(request.Arguments);

    public static CallReply Ok(ReadOnlyMemory<byte> result) => new() { Result = result, Module = new ModuleId("battle", "1.1.0"), Epoch = 7 };

    public ValueTask<CallReply> Call(CallRequest request)
    {
        Requests.Enqueue(request);
        return Answer(request);
    }

    public IDisposable Subscribe(EntityId entity, IEventSink sink)
    {
        if (entity.Kind == "unknown") throw new FindingsException(ErrorCodes.UnknownKind, "No such kind.", "Choose another.");
        var list = sinks.GetOrAdd(entity, _ => []);
        lock (list) list.Add(sink);
        return new Ending(() => { lock (list) list.Remove(sink); });
    }

    public int Listeners(EntityId entity)
    {
        if (!sinks.TryGetValue(entity, out var list)) return 0;
        lock (list) return list.Count;
    }

    public void Publish(EntityId entity, long sequence, string data = "{}")
    {
        IEventSink[] listening;
        lock (sinks[entity]) listening = [.. sinks[entity]];
        var happened = new GameEvent(entity, sequence, "battle.hit", System.Text.Encoding.UTF8.GetBytes(data), new ModuleId("battle", "1.1.0"), 7);
        foreach (var sink in listening) sink.OnEvent(happened);
    }

    sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
