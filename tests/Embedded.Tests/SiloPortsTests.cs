using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Embedded.Tests.Game;
using Evergrain.Embedded.Tests.World;
using Evergrain.ModulePackaging;
using Evergrain.Runtime;

namespace Evergrain.Embedded.Tests;

/// <summary>What befalls the ports of one silo befalls that silo.</summary>
public sealed class SiloPortsTests
{
    [Fact]
    public void The_clock_of_one_silo_may_be_wrong()
    {
        using var world = new ClusterWorld();
        world.OfSilo = (id, ports) => id == "s1" ? ports with { Time = new SkewedTime(ports.Time, TimeSpan.FromMinutes(1)) } : ports;
        var began = world.Now;
        world.Join("s0");
        world.Join("s1");

        Assert.InRange(Enrolled(world, "s0") - began, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.InRange(Enrolled(world, "s1") - began, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(90));
    }

    [Fact]
    public void A_silo_that_does_not_reach_the_record_keeps_the_commit_waiting_and_the_others_serve()
    {
        using var world = new ClusterWorld();
        var road = new Road();
        world.OfSilo = (id, ports) => id == "s0" ? ports with { Cluster = new CutOffRecords(ports.Cluster, road) } : ports;
        for (var i = 0; i < 2; i++) world.Join($"s{i}");
        world.RollOut("room@1.0.0", "bank@1.0.0");
        var (near, far) = (world.On("s1", "room"), world.On("s0", "room"));
        Assert.Equal("s1", world.Cluster.Membership.Newest.Home!.Id);
        road.IsCut = true;
        var rollout = world.Start("room@1.1.0");
        world.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal(RolloutPhase.Preparing, world.Records.Last.Rollout!.Phase);
        Assert.Equal("1.0.0", world.Ok<RoomView>(near, "room.look").Version);
        Assert.Equal("1.0.0", world.Ok<RoomView>(far, "room.look").Version);
        road.IsCut = false;
        Assert.Equal(RolloutPhase.Permanent, world.Ended(rollout.Id).Phase);
        Assert.Equal("1.1.0", world.Ok<RoomView>(far, "room.look").Version);
    }

    [Fact]
    public void A_silo_that_does_not_reach_the_entities_says_so_and_the_others_serve()
    {
        using var world = new ClusterWorld();
        var road = new Road();
        world.OfSilo = (id, ports) => id == "s1" ? ports with { Entities = new CutOffEntities(ports.Entities, road) } : ports;
        for (var i = 0; i < 2; i++) world.Join($"s{i}");
        world.RollOut("room@1.0.0", "bank@1.0.0");
        road.IsCut = true;

        Assert.Equal(ErrorCodes.StoreUnavailable, world.Call(world.On("s1", "bank"), "bank.credit", new Amount(5)).Error?.Code);
        Assert.Equal(5, world.Ok<Balance>(world.On("s0", "bank"), "bank.credit", new Amount(5)).Gold);
        road.IsCut = false;
        Assert.Equal(5, world.Ok<Balance>(world.On("s1", "bank"), "bank.credit", new Amount(5)).Gold);
    }

    [Fact]
    public void What_one_silo_cannot_load_no_silo_serves()
    {
        using var world = new ClusterWorld();
        world.OfSilo = (id, ports) => id == "s1" ? ports with { Loader = new PickyLoader(ports.Loader, "1.1.0") } : ports;
        for (var i = 0; i < 2; i++) world.Join($"s{i}");
        world.RollOut("room@1.0.0", "bank@1.0.0");
        var status = world.RollOut("room@1.1.0");

        Assert.Equal(RolloutPhase.Aborted, status.Phase);
        Assert.Equal("refused", status.Silos.Single(silo => silo.Silo == "s1").State);
        Assert.Equal("prepared", status.Silos.Single(silo => silo.Silo == "s0").State);
        Assert.Equal("1.0.0", world.Ok<RoomView>(world.On("s0", "room"), "room.look").Version);
    }

    [Fact]
    public void A_silo_whose_threads_stand_still_answers_when_they_go_on_and_when_it_is_killed_its_callers_hear()
    {
        using var world = new ClusterWorld();
        var threads = new Dictionary<string, PausedThreads>();
        world.OfSilo = (id, ports) => ports with { Executor = threads[id] = new PausedThreads(ports.Executor) };
        for (var i = 0; i < 3; i++) world.Join($"s{i}");
        world.RollOut("room@1.0.0", "bank@1.0.0");
        // Asked by another entity, so that the turn does not begin on its caller's thread.
        var (asker, late, lost) = (world.On("s0", "room"), world.On("s1", "room"), world.On("s2", "room"));
        threads["s1"].Pause();
        threads["s2"].Pause();
        var first = world.Begin(asker, "room.ask", new Ask(late.Key)).AsTask();
        var second = world.Begin(world.On("s0", "room", 1), "room.ask", new Ask(lost.Key)).AsTask();
        world.Pass(TimeSpan.FromSeconds(1));
        Assert.False(first.IsCompleted || second.IsCompleted);

        threads["s1"].Resume();
        world.Until(() => first.IsCompleted, TimeSpan.FromSeconds(1));
        Assert.True(first.Result.Ok);
        world.Kill("s2");
        world.Until(() => second.IsCompleted, TimeSpan.FromSeconds(1));
        Assert.Contains("s2 is dead", second.Result.Error!.Message);
        threads["s2"].Resume();
    }

    static DateTimeOffset Enrolled(ClusterWorld world, string silo) => world.Records.Last.Silos.Single(enrolled => enrolled.Id == silo).At;

    sealed class Road
    {
        public bool IsCut { get; set; }
        public void Pass() => _ = IsCut ? throw new StoreUnavailableException("the road is cut.") : true;
    }

    sealed class CutOffRecords(IClusterStore store, Road road) : IClusterStore
    {
        public ValueTask<ClusterRecord> Read(CancellationToken cancellation)
        {
            road.Pass();
            return store.Read(cancellation);
        }

        public ValueTask<ClusterWriteOutcome> Write(ClusterRecord next, string expectedEtag, CancellationToken cancellation)
        {
            road.Pass();
            return store.Write(next, expectedEtag, cancellation);
        }

        public ValueTask<ClusterHistory> History(CancellationToken cancellation)
        {
            road.Pass();
            return store.History(cancellation);
        }
    }

    sealed class CutOffEntities(IEntityStore store, Road road) : IEntityStore
    {
        public ValueTask<EntityRecord?> Read(EntityId id)
        {
            road.Pass();
            return store.Read(id);
        }

        public ValueTask<IReadOnlyList<WriteOutcome>> Write(IReadOnlyList<EntityWrite> writes)
        {
            road.Pass();
            return store.Write(writes);
        }

        public ValueTask<IReadOnlyList<EntityId>> WakeUps()
        {
            road.Pass();
            return store.WakeUps();
        }

        public ValueTask<EntityPage> List(EntityQuery query) => store.List(query);
        public StoreCapabilities Capabilities => store.Capabilities;
    }

    sealed class PickyLoader(IModuleLoader loader, string refused) : IModuleLoader
    {
        public ILoadedModule Load(PackageContents package) =>
            package.Manifest.Version == refused ? throw new FindingsException(ErrorCodes.BadPackage, "Not on this disk.", "Try again.") : loader.Load(package);
    }

    sealed class SkewedTime(TimeProvider time, TimeSpan ahead) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;
        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + ahead;
        public override long GetTimestamp() => time.GetTimestamp();
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);
    }

    sealed class PausedThreads(IExecutor executor) : IExecutor
    {
        readonly Queue<Action> held = new();
        bool paused;

        public void Pause() => paused = true;

        public void Resume()
        {
            paused = false;
            while (held.TryDequeue(out var work)) executor.Post(work);
        }

        public void Post(Action work)
        {
            if (paused) held.Enqueue(work);
            else executor.Post(work);
        }
    }
}
