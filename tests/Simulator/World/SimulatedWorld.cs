using Evergrain.Contracts;
using Evergrain.Core;
using Evergrain.Core.Entities;
using Evergrain.Core.Rehearsals;
using Evergrain.Core.Rollouts;
using Evergrain.Embedded;
using Evergrain.Runtime;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Observations;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evergrain.Simulator.World;

/// <summary>A whole cluster on one thread and simulated time: Core, the rollout, the module runtime and the embedded engine as they ship, over
/// simulated stores, network, clock and loader.</summary>
internal sealed class SimulatedWorld
{
    // What looks by itself looks more rarely than in production: hints and reports do the work, and a run is short.
    static EmbeddedClusterOptions Options(bool rehearses) => new()
    {
        Agents = new SiloAgentOptions { Look = TimeSpan.FromSeconds(2) },
        WakeUpScan = TimeSpan.FromSeconds(2),
        Rollouts = new RolloutOptions { Tick = TimeSpan.FromSeconds(1) },
        Entities = new EntitySiloOptions { FrameResolution = TimeSpan.FromMilliseconds(125) },
        Rehearsals = rehearses ? new RehearsalOptions() : new RehearsalOptions { Sample = 0, Entries = 0 },
        Modules = new ModuleRuntimeOptions
        {
            Signatures = new SignaturePolicy { AcceptUnsigned = true }, DebuggerAttached = static () => false, HolderSearch = new HolderSearchOptions { MaxObjects = 0 }, MigratorLinger = TimeSpan.FromSeconds(3),
            // A run that took long is to settle within minutes all the same.
            LongestStuckInterval = TimeSpan.FromSeconds(40),
        },
    };

    readonly int seed;
    readonly Action<Observation> see;
    readonly Random latency;
    readonly MemberWatch members;
    int processes;
    int lives;

    public SimulatedWorld(int seed, bool rehearses, Action<Observation> see, Action<string, string, string, string>? sent = null)
    {
        (this.seed, this.see) = (seed, see);
        latency = Chance("latency");
        Schedule = new Schedule(Chance("schedule"), Ran);
        Outside = NewProcess("outside");
        Disks = NewProcess("stores");
        OutsideTime = new ProcessTime(Clock, Outside);
        Weather = new Weather(Clock, Chance("weather"), (kind, what, silo) => See(new FaultTook(kind, what, silo)));
        Entities = new EntityDisk((before, after, by) => See(new EntityStored(before, after, by)));
        Record = new RecordDisk((before, after, by) => See(new RecordStored(before, after, by) { Ready = after.Epoch > before.Epoch ? members!.Ready() : new Dictionary<Guid, IReadOnlySet<string>>() }));
        Network = new Network(Outside, Clock, Weather, Chance("network"), silo => (Process)silo.Ports.Executor, sent);
        var calm = new StoreDoor(Outside, Disks, Weather, latency);
        Cluster = new EmbeddedCluster(new EmbeddedClusterPorts
        {
            Entities = new EntityStorePort(Entities, calm, Outside.Name), Cluster = new RecordStorePort(Record, calm, Weather, Outside.Name), Packages = GamePackages.Store,
            Loader = new Loader(Outside.Name, Weather, static (_, _) => { }), Collector = new NoCollector(), Time = OutsideTime, Executor = Outside, Background = Outside,
            Random = Chance("cluster"), Logging = NullLoggerFactory.Instance, EntityHashing = StableHash.OfEntities.Instance, Network = Network, Silo = NewSilo,
        }, Options(rehearses));
        members = new MemberWatch(Cluster, See);
    }

    public Clock Clock { get; } = new();
    public Schedule Schedule { get; }
    public Weather Weather { get; }
    public EntityDisk Entities { get; }
    public RecordDisk Record { get; }
    public Network Network { get; }
    public EmbeddedCluster Cluster { get; }

    /// <summary>Players, operators and doors; it never fails.</summary>
    public Process Outside { get; }
    public Process Disks { get; }
    public ProcessTime OutsideTime { get; }

    /// <summary>Every silo that ever was, the newest of a name last.</summary>
    public List<SiloProcess> Silos { get; } = [];

    /// <summary>Called between two steps.</summary>
    public Action? Between { get; set; }

    /// <summary>The hash of all steps and observations so far.</summary>
    public ulong Trace { get; private set; } = StableHash.Seed;

    public void See(Observation observation)
    {
        observation.At = Clock.Elapsed;
        var telling = Telling.OnlyHashed();
        observation.Say(telling);
        Trace = StableHash.Add(Trace, telling.Hash);
        see(observation);
    }

    /// <summary>Chance of its own for each purpose, so that less of one does not change another.</summary>
    public Random Chance(string purpose) => new((int)(StableHash.Add(StableHash.Add(StableHash.Seed, (ulong)seed), purpose) >> 33));

    /// <summary>All that the stores hold now.</summary>
    public Backup BackUp() => new([.. Entities.Records], Entities.WakeUps, Record.Record, Record.History);

    /// <summary>The stores hold what they held then, and a new incarnation begins. No silo may live.</summary>
    public void Restore(Backup backup)
    {
        Entities.Restore(backup);
        Record.Restore(backup, new SeededIdSource(Chance("restore"), OutsideTime).NewGuid());
    }

    /// <summary>Runs for so long.</summary>
    public void Pass(TimeSpan span)
    {
        var end = Clock.Now + span;
        while (Schedule.RunNext() || Clock.FireNext(end)) { }
        Clock.AdvanceTo(end);
    }

    void Ran(Process process)
    {
        Trace = StableHash.Add(Trace, (ulong)process.Number);
        members.Look();
        Between?.Invoke();
    }

    Process NewProcess(string name) => new(name, processes++, Schedule, Clock);

    EmbeddedSiloPorts NewSilo(string id)
    {
        var process = NewProcess(id);
        var time = new ProcessTime(Clock, process);
        var loader = new Loader(id, Weather, (module, move) => See(new CodeMoved(id, process.Number, module, move)));
        var door = new StoreDoor(process, Disks, Weather, latency);
        Silos.Add(new SiloProcess(id, process, time, loader));
        return new EmbeddedSiloPorts
        {
            Entities = new EntityStorePort(Entities, door, id), Cluster = new RecordStorePort(Record, door, Weather, id), Packages = GamePackages.Store, Loader = loader,
            Collector = new NoCollector(), Time = time, Executor = process, Background = new BackgroundWork(process, Weather), Random = Chance($"silo {++lives}"),
            Logging = NullLoggerFactory.Instance, EntityHashing = StableHash.OfEntities.Instance,
        };
    }
}

/// <summary>One life of a silo.</summary>
internal sealed record SiloProcess(string Id, Process Process, ProcessTime Time, Loader Loader);

/// <summary>There is nothing to collect where there are no load contexts.</summary>
internal sealed class NoCollector : ICollector
{
    public Task Collect(CancellationToken cancellation) => Task.CompletedTask;
}
