using Evergrain.Contracts;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Workload;

/// <summary>Listens to the events of entities, from before the players come to the end.</summary>
internal sealed class Subscriber(SimulatedWorld world) : IEventSink
{
    public void Subscribe(EntityId entity) => world.Cluster.Events.Subscribe(entity, this);

    public void OnEvent(GameEvent gameEvent)
    {
        var silo = world.Schedule.Running!;
        world.See(new EventHeard(silo.Name, silo.Number, gameEvent));
    }
}
