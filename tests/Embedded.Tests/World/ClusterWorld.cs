using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Tests.Time;
using Evergrain.Embedded.Tests.Game;
using Evergrain.ModuleSdk;
using Evergrain.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evergrain.Embedded.Tests.World;

/// <summary>A whole cluster on the test's thread and simulated time: the engine, Core and the module runtime are the real ones. At its end
/// it fails when anything ran on another thread.</summary>
internal sealed class ClusterWorld : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    readonly SynchronizationContext? outer = SynchronizationContext.Current;
    readonly ManualTimeProvider clock = new();

    public ClusterWorld(int seed = 1, bool anyOrder = false, EmbeddedClusterOptions? options = null)
    {
        Thread = new OneThread(anyOrder ? new Random(seed) : null);
        SynchronizationContext.SetSynchronizationContext(Thread);
        Time = new WatchedTime(clock, Thread);
        Entities = new WatchedEntityStore(Thread, Time);
        Records = new WatchedClusterStore(Thread);
        Loader = new FakeLoader(Thread);
        Network = new WatchedNetwork(Thread);
        options ??= new EmbeddedClusterOptions();
        options = options with { Modules = options.Modules with { Signatures = new SignaturePolicy { AcceptUnsigned = true }, DebuggerAttached = static () => false } };
        EmbeddedClusterPorts ports = null!;
        var random = new Random(seed);
        ports = new EmbeddedClusterPorts
        {
            Entities = Entities, Cluster = Records, Packages = new MemoryPackageStore(), Loader = Loader, Collector = new NoCollector(),
            Time = Time, Executor = Thread, Background = Thread, Random = random, Logging = NullLoggerFactory.Instance, Network = Network,
            EntityHashing = new StableHashing(), Silo = id => OfSilo(id, ports with { Random = new Random(random.Next()) }),
        };
        Cluster = new EmbeddedCluster(ports, options);
        foreach (var package in GameVersions.Packages.Values) Done(Cluster.Ops.Publish(package, default));
    }

    public OneThread Thread { get; }
    public EmbeddedCluster Cluster { get; }
    public WatchedEntityStore Entities { get; }
    public WatchedClusterStore Records { get; }
    public FakeLoader Loader { get; }
    public WatchedNetwork Network { get; }
    public TimeProvider Time { get; }

    /// <summary>What a silo that is added from now on gets of its own.</summary>
    public Func<string, EmbeddedSiloPorts, EmbeddedSiloPorts> OfSilo { get; set; } = static (_, ports) => ports;
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Silos s0, s1, … that serve room and bank 1.0.0.</summary>
    public static ClusterWorld Serving(int silos, int seed = 1, bool anyOrder = false, EmbeddedClusterOptions? options = null)
    {
        var world = new ClusterWorld(seed, anyOrder, options);
        for (var i = 0; i < silos; i++) world.Join($"s{i}");
        world.RollOut("room@1.0.0", "bank@1.0.0");
        return world;
    }

    public EmbeddedSilo Join(string id) => Done(Cluster.AddSilo(id, default));
    public void Kill(string id) => Done(Cluster.KillSilo(id));
    public EmbeddedSilo Owner(EntityId id) => Cluster.Membership.Newest.Placement.Owner(id)!;

    /// <summary>Where an entity is active now.</summary>
    public IReadOnlyList<string> Homes(EntityId id) => [.. Cluster.Members.Where(silo => silo.Entities.Active(id) is not null).Select(silo => silo.Id)];

    /// <summary>An entity of that kind which lives on the silo now.</summary>
    public EntityId On(string silo, string kind, int number = 0) =>
        Enumerable.Range(0, 10_000).Select(i => new EntityId(kind, $"{kind}-{i}")).Where(id => Owner(id).Id == silo).ElementAt(number);

    public RolloutAccepted Start(params string[] versions) => Done(Cluster.Ops.StartRollout(Request(versions), "test", default));

    public static RolloutRequest Request(params string[] versions) =>
        new() { Modules = [.. versions.Select(version => new ModuleId(version.Split('@')[0], version.Split('@')[1]))] };

    /// <summary>Rolls out and waits for the end.</summary>
    public RolloutStatus RollOut(params string[] versions) => Ended(Start(versions).Id);

    public RolloutStatus Status(string rollout) => Done(Cluster.Ops.Rollout(rollout, default));

    public RolloutStatus Ended(string rollout)
    {
        RolloutStatus? status = null;
        Until(() => (status = Status(rollout)).Phase is RolloutPhase.Permanent or RolloutPhase.Aborted);
        return status!;
    }

    public ValueTask<CallReply> Begin(EntityId entity, string operation, object? arguments = null, long seenEpoch = 0, Guid? key = null, string caller = "player") =>
        Cluster.Call(new CallRequest
        {
            Entity = entity, Operation = operation, SeenEpoch = seenEpoch, Key = key, Caller = caller,
            Arguments = arguments is null ? default : Write(arguments),
        });

    public CallReply Call(EntityId entity, string operation, object? arguments = null, long seenEpoch = 0, Guid? key = null) =>
        Done(Begin(entity, operation, arguments, seenEpoch, key).AsTask());

    public T Ok<T>(EntityId entity, string operation, object? arguments = null, long seenEpoch = 0)
    {
        var reply = Call(entity, operation, arguments, seenEpoch);
        Assert.True(reply.Ok, $"{operation} on {entity}: {reply.Error}");
        return Read<T>(reply);
    }

    public static byte[] Write(object arguments) => JsonSerializer.SerializeToUtf8Bytes(arguments, GameJson.Default.GetTypeInfo(arguments.GetType())!);

    public static T Read<T>(CallReply reply) => JsonSerializer.Deserialize(reply.Result.Span, (JsonTypeInfo<T>)GameJson.Default.GetTypeInfo(typeof(T))!)!;

    /// <summary>Does something once, at the first step at which the record's rollout has this phase.</summary>
    public void At(RolloutPhase phase, Action act)
    {
        var last = Records.Last.Rollout?.Id;
        Thread.Between = () =>
        {
            if (Records.Last.Rollout is not { } rollout || rollout.Id == last || rollout.Phase != phase) return;
            Thread.Between = null;
            act();
        };
    }

    public void Pass(TimeSpan span)
    {
        var end = clock.GetUtcNow() + span;
        Thread.Drain();
        while (clock.FireNext(end)) Thread.Drain();
        clock.Advance(end - clock.GetUtcNow());
        Thread.Drain();
    }

    public void Until(Func<bool> reached, TimeSpan? within = null)
    {
        var end = clock.GetUtcNow() + (within ?? Patience);
        Thread.Drain();
        while (!reached())
        {
            if (!clock.FireNext(end)) Assert.Fail($"Not reached within {within ?? Patience}.{string.Join('\n', Thread.Breaches)}");
            Thread.Drain();
        }
    }

    public T Done<T>(Task<T> task, TimeSpan? within = null)
    {
        Done((Task)task, within);
        return task.Result;
    }

    public void Done(Task task, TimeSpan? within = null)
    {
        if (!task.IsCompleted) Until(() => task.IsCompleted, within);
        task.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        try
        {
            Done(Cluster.DisposeAsync().AsTask());
            Pass(TimeSpan.FromMinutes(2));
            Assert.Empty(Thread.Breaches);
            Assert.Empty(Loader.Loaded);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }
}
