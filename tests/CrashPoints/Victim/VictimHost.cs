using Evergrain.Host;

namespace Evergrain.CrashPoints.Victim;

/// <summary>The production host over its real stores, which are watched. Ends when its parent does.</summary>
internal static class VictimHost
{
    public static async Task<int> Run(VictimOrder order)
    {
        var settings = new HostSettings([new Uri("http://127.0.0.1:0")], Silos: 2, order.Packages, order.Data, Demo: false, AllowUnsigned: true, Development: true) { WriteInterval = VictimOrder.WriteInterval };
        using var signals = new EndSignals();
        using var slowness = new Slowness();
        var executioner = new Executioner(order.Point, slowness);
        new Thread(() => Listen(executioner)) { IsBackground = true, Name = "parent" }.Start();
        await using var stores = HostStores.Open(order.Data);
        var watched = stores with
        {
            Entities = new WatchedEntityStore(new LyingEntityStore(stores.Entities, order.Tooth), executioner, slowness),
            Cluster = new WatchedClusterStore(new LyingClusterStore(stores.Cluster, order.Tooth), executioner),
            Packages = new WatchedPackageStore(stores.Packages, executioner),
        };
        return await EmbeddedHost.Serve(settings, watched, signals.Token);
    }

    // The parent's end of the pipe closes with it, however it ends.
    static void Listen(Executioner executioner)
    {
        while (Console.In.ReadLine() is { } line)
            if (line == VictimOrder.ArmLine) executioner.Arm();
        Executioner.Die();
    }
}
