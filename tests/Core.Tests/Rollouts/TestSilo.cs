using Evergrain.Core.Rollouts;

namespace Evergrain.Core.Tests.Rollouts;

/// <summary>One silo's agent and modules. Killed, it reaches nothing and nobody any more.</summary>
sealed class TestSilo : IVersionGrainLink
{
    readonly World world;

    public TestSilo(string id, World world, Random random)
    {
        (Id, this.world) = (id, world);
        Modules = new FakeModules(world.Time, world.Breach);
        Store = new FaultyStore(world.Checked, world.Time);
        Agent = new SiloAgent(id, new SiloAgentPorts
        {
            Store = Store, Modules = Modules, VersionGrain = this, Executor = world.Executor, Time = world.Time,
            Random = new Random(random.Next()), Ids = world.Ids, Activated = Activated.Add, Events = world.Events.Add,
        });
    }

    public string Id { get; }
    public FakeModules Modules { get; }
    public FaultyStore Store { get; }
    public SiloAgent Agent { get; }
    public List<long> Activated { get; } = [];
    public bool Dead { get; private set; }

    /// <summary>Decides whether a report arrives.</summary>
    public Func<SiloReport, bool> ReportArrives { get; set; } = static _ => true;
    public Task? Started { get; private set; }

    public void Begin() => Started = Agent.Start(CancellationToken.None);

    public void Kill()
    {
        Dead = Store.Dead = true;
        Agent.Dispose();
    }

    /// <summary>Goes in good order: it takes itself out of the record.</summary>
    public Task Leave()
    {
        Dead = true;
        return Agent.Stop();
    }

    Task IVersionGrainLink.Report(SiloReport report) =>
        !Dead && ReportArrives(report) ? ((IVersionGrainLink)world).Report(report) : Task.FromException(new TimeoutException("no answer"));
}
