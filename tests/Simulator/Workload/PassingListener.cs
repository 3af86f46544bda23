using Evergrain.Contracts;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.Plans;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Workload;

/// <summary>Listens to one entity after another, each for a while, and comes back to some.</summary>
internal sealed class PassingListener(string name, SimulatedWorld world) : IEventSink
{
    const int Visits = 5;
    const int LongestVisit = 600; // milliseconds
    const int LongestPause = 200;

    readonly Random chance = world.Chance(name);

    public async Task Play()
    {
        for (var visit = 0; visit < Visits; visit++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(LongestPause)), world.OutsideTime);
            var entity = chance.Next(2) == 0 ? WorkloadPlanner.Wallet(chance.Next(WorkloadPlanner.Wallets)) : WorkloadPlanner.Room(chance.Next(WorkloadPlanner.Rooms));
            world.See(new ListenerMoved(name, entity, Listens: true));
            var listening = world.Cluster.Events.Subscribe(entity, this);
            await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(LongestVisit)), world.OutsideTime);
            listening.Dispose();
            world.See(new ListenerMoved(name, entity, Listens: false));
        }
    }

    public void OnEvent(GameEvent gameEvent) => world.See(new EventPassed(name, gameEvent));
}
