using Evergrain.Core.Rollouts;

namespace Evergrain.Core.Tests.Rollouts;

/// <summary>One instance of the version grain. Killed, it reaches nothing any more, though its timer may run on.</summary>
sealed class TestVersionGrain : ISiloHints
{
    readonly World world;

    public TestVersionGrain(World world)
    {
        this.world = world;
        Store = new FaultyStore(world.Checked, world.Time);
        Grain = new VersionGrain(new VersionGrainPorts
        {
            Store = Store, Packages = world.Packages, Hints = this, LiveSilos = () => Live(), Executor = world.Executor,
            Time = world.Time, Ids = world.Ids, Events = world.Events.Add,
        });
    }

    public VersionGrain Grain { get; }
    public FaultyStore Store { get; }
    public bool Dead { get; private set; }
    public int HintsSent { get; private set; }
    public Func<IReadOnlyCollection<string>>? SeesAlive { get; set; }

    public void Kill() => Dead = Store.Dead = true;

    IReadOnlyCollection<string> Live() => SeesAlive?.Invoke() ?? [.. world.Silos.Values.Where(silo => !silo.Dead).Select(silo => silo.Id)];

    void ISiloHints.Hint(string silo)
    {
        if (Dead) return;
        HintsSent++;
        ((ISiloHints)world).Hint(silo);
    }
}
