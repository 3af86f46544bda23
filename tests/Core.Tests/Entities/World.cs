using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Core.Entities;
using Evergrain.Core.Tests.Entities.Lab;
using Evergrain.Core.Tests.Time;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Tests.Entities;

/// <summary>Silos over one store, on one thread and a clock that the test moves: whatever is awaited goes on when the test says so.</summary>
internal sealed class World : IDisposable
{
    public static readonly CallReply Lost = CallReply.Failed(new CallError(ErrorCodes.SiloLost, Ran.Unknown, "The silo is dead.", "Try again."));
    readonly SynchronizationContext? outer = SynchronizationContext.Current;
    readonly Dictionary<EntityId, TestSilo> homes = [];

    public World(EntitySiloOptions? options = null, Random? random = null)
    {
        Executor = new StepExecutor(random);
        Options = options ?? new EntitySiloOptions();
        Ids = new SeededIdSource(random ?? new Random(7), Time);
        Instruments = new EntityInstruments(Time);
        SynchronizationContext.SetSynchronizationContext(new Posting(Executor));
        Lab1 = TestTables.Slot<LabModule>("lab", "1.0.0");
        Safe = TestTables.Slot<SafeModule>("safe", "1.0.0");
        Late = TestTables.Slot<LateModule>("late", "1.0.0");
        Add("one");
    }

    public ManualTimeProvider Time { get; } = new();
    public StepExecutor Executor { get; }
    public EntitySiloOptions Options { get; }
    public SeededIdSource Ids { get; }
    public EntityInstruments Instruments { get; }
    public FaultyEntityStore Store { get; } = new();
    public long Incarnation { get; set; } = 1;
    public List<GameEvent> Events { get; } = [];
    public List<TestSilo> Silos { get; } = [];
    public ModuleSlot Lab1 { get; }
    public ModuleSlot Safe { get; }
    public ModuleSlot Late { get; }
    public TestSilo One => Silos[0];

    /// <summary>A call whose reply is lost on the way, or that itself is, when it answers true.</summary>
    public Func<CallRequest, bool>? LoseReply { get; set; }
    public Func<CallRequest, bool>? LoseRequest { get; set; }

    /// <summary>What listens beside the test.</summary>
    public Action<GameEvent>? Listener { get; set; }
    public List<CallRequest> Routed { get; } = [];
    public LogLines Written { get; } = new();

    public TestSilo Add(string id)
    {
        var silo = new TestSilo(this, id, Lab1, Safe, Late);
        Silos.Add(silo);
        return silo;
    }

    public void Serve(long epoch, params ModuleSlot[] slots)
    {
        foreach (var silo in Silos)
        {
            silo.Tables.Serve(epoch, slots);
            silo.Entities.Sweep();
        }
    }

    public void Publish(GameEvent told)
    {
        Events.Add(told);
        Listener?.Invoke(told);
    }

    public TestSilo Home(EntityId id) => homes.GetValueOrDefault(id) is { Dead: false } home ? home : Silos.First(silo => !silo.Dead);
    public void Place(string id, TestSilo silo) => homes[EntityId.Parse(id)] = silo;

    public async ValueTask<CallReply> Route(CallRequest request)
    {
        Routed.Add(request);
        if (LoseRequest?.Invoke(request) == true) return Lost;
        var silo = Home(request.Entity);
        var reply = await silo.Entities.Call(request);
        return silo.Dead || LoseReply?.Invoke(request) == true ? Lost : reply;
    }

    public CallRequest Request<T>(string entity, string operation, T arguments, string caller = "ann", Guid? key = null, double seconds = 10) => new()
    {
        Entity = EntityId.Parse(entity), Operation = operation, Caller = caller, Key = key, Deadline = Time.GetUtcNow() + TimeSpan.FromSeconds(seconds),
        Arguments = JsonSerializer.SerializeToUtf8Bytes(arguments, LabJson.Default.GetTypeInfo(typeof(T))!),
    };

    /// <summary>Begins a call; it may not have ended.</summary>
    public Task<CallReply> Begin<T>(string entity, string operation, T arguments, string caller = "ann", Guid? key = null, double seconds = 10) =>
        Begin(Request(entity, operation, arguments, caller, key, seconds));

    public Task<CallReply> Begin(CallRequest request) => Home(request.Entity).Entities.Call(request).AsTask();

    /// <summary>A call that ends without the clock.</summary>
    public CallReply Call<T>(string entity, string operation, T arguments, string caller = "ann", Guid? key = null) => End(Begin(entity, operation, arguments, caller, key));

    public CallReply Call(string entity, string operation) => Call(entity, operation, Nothing.Value);

    public CallReply End(Task<CallReply> call)
    {
        Executor.Drain();
        Assert.True(call.IsCompleted, "The call has not ended.");
        return call.Result;
    }

    public int Number(CallReply reply)
    {
        Assert.True(reply.Ok, reply.Error?.ToString());
        return JsonSerializer.Deserialize(reply.Result.Span, LabJson.Default.Amount)!.Value;
    }

    public int Count(string entity) => Number(Call(entity, Operation(entity, "get")));

    /// <summary>An operation of the lab, as the entity's own module names it.</summary>
    public static string Operation(string entity, string name) => entity.Split('/')[0] switch
    {
        "vault" => $"safe.{name}",
        "shelf" => $"late.{name}",
        _ => $"lab.{name}",
    };

    public string Log(string entity, string module = "lab")
    {
        var reply = Call(entity, $"{module}.log");
        Assert.True(reply.Ok, reply.Error?.ToString());
        return JsonSerializer.Deserialize(reply.Result.Span, LabJson.Default.Text)!.Value;
    }

    public void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds), () => Executor.Drain());

    /// <summary>What a silo does for entities that a dead one left.</summary>
    public void WakeUp()
    {
        foreach (var id in Store.Index)
            End(Begin(new CallRequest { Entity = id, Operation = EntitySilo.WakeOperation, Caller = "silo/one" }));
    }

    public void Dispose()
    {
        foreach (var silo in Silos) silo.Entities.Dispose();
        Instruments.Dispose();
        SynchronizationContext.SetSynchronizationContext(outer);
    }

    sealed class Posting(StepExecutor executor) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback callback, object? state) => executor.Post(() => callback(state));
        public override SynchronizationContext CreateCopy() => this;
    }
}
