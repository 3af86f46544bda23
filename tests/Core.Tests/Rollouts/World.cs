using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;
using Evergrain.Core.Tests.Time;

namespace Evergrain.Core.Tests.Rollouts;

/// <summary>A cluster of agents and version grains on one thread and a clock that the test moves.</summary>
sealed class World : ISiloHints, IVersionGrainLink
{
    readonly Random random;
    readonly List<string> breaches = [];

    public World(int seed = 1, bool anyOrder = false)
    {
        // Nothing may escape to the test runner's own threads.
        SynchronizationContext.SetSynchronizationContext(null);
        random = new Random(seed);
        Executor = new StepExecutor(anyOrder ? random : null);
        Ids = new SeededIdSource(random, Time);
        Checked = new CheckedStore(this);
        MayLeave = silo => Silos[silo].Dead;
    }

    public ManualTimeProvider Time { get; } = new();
    public StepExecutor Executor { get; }
    public IIdSource Ids { get; }
    public FakePackages Packages { get; } = new();
    public CheckedStore Checked { get; }
    public List<OpsEvent> Events { get; } = [];
    public Dictionary<string, TestSilo> Silos { get; } = [];
    public List<TestVersionGrain> VersionGrains { get; } = [];

    /// <summary>Every silo that ever was, by its instance: one that comes back under its old name is another.</summary>
    public List<TestSilo> Everyone { get; } = [];

    /// <summary>Whether a silo may be dropped from the record: it is dead, or the test has it suspected.</summary>
    public Func<string, bool> MayLeave { get; set; }

    /// <summary>Decides what becomes of a hint: how often it arrives.</summary>
    public Func<string, int> HintArrives { get; set; } = static _ => 1;

    /// <summary>Called on each version grain that the world starts.</summary>
    public Action<TestVersionGrain> Starting { get; set; } = static _ => { };

    public ClusterRecord Record => Checked.Read(default).Result;
    public Release Release => Record.Release;
    public ClusterHistory History => Checked.History(default).Result;
    public RolloutPhase? Phase => Record.Rollout?.Phase;
    public VersionGrain Grain => Alive().Grain;

    public TestSilo AddSilo(string id, Action<FakeModules>? with = null)
    {
        var silo = new TestSilo(id, this, random);
        with?.Invoke(silo.Modules);
        Silos[id] = silo;
        Everyone.Add(silo);
        silo.Begin();
        return silo;
    }

    /// <summary>A world that serves <paramref name="packages"/> at epoch 1 on silos s1 to sN.</summary>
    public static World Serving(int silos, params string[] packages)
    {
        var world = new World();
        for (var i = 1; i <= silos; i++) world.AddSilo($"s{i}");
        foreach (var package in packages) world.Packages.Publish(ModuleId.Parse(package).Name, ModuleId.Parse(package).Version);
        world.Start(packages);
        world.Run(5);
        Assert.Equal((1, RolloutPhase.Permanent), (world.Release.Epoch, world.Phase));
        return world;
    }

    /// <summary>The version grain that lives; a report finds or revives it, as an engine would.</summary>
    public TestVersionGrain Alive()
    {
        if (VersionGrains.LastOrDefault(grain => !grain.Dead) is { } alive) return alive;
        return StartVersionGrain();
    }

    public TestVersionGrain StartVersionGrain()
    {
        var grain = new TestVersionGrain(this);
        Starting(grain);
        VersionGrains.Add(grain);
        return grain;
    }

    public void Run(double seconds)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds), () => Executor.Drain());
        Assert.Empty(breaches);
    }

    /// <summary>A promise was broken: the test fails when it next lets time pass.</summary>
    public void Breach(string what) => breaches.Add(what);

    public T Answer<T>(Task<T> asked)
    {
        Executor.Drain();
        for (var i = 0; i < 200 && !asked.IsCompleted; i++) Run(0.1);
        Assert.True(asked.IsCompleted, "No answer came.");
        return asked.GetAwaiter().GetResult();
    }

    public string Start(params string[] packages) => Start(new RolloutRequest { Modules = [.. packages.Select(ModuleId.Parse)] });

    public string Start(RolloutRequest request) => Answer(Grain.StartRollout(request, "ann")).Id;

    public string Undo() => Answer(Grain.Undo(new UndoRequest(), "ann")).Id;

    public FindingsException Refused<T>(Func<Task<T>> ask) => Assert.Throws<FindingsException>(() => Answer(ask()));

    public RolloutStatus Status(string id) => Answer(Grain.Rollout(id));

    public string[] Serves(string silo) => [.. Silos[silo].Modules.Serving.Select(package => package.ToString())];

    void ISiloHints.Hint(string silo)
    {
        for (var i = HintArrives(silo); i > 0; i--)
            if (Silos.GetValueOrDefault(silo) is { Dead: false } alive) alive.Agent.Hint();
    }

    Task IVersionGrainLink.Report(SiloReport report)
    {
        Alive().Grain.Report(report);
        return Task.CompletedTask;
    }
}
