namespace Evergrain.Core.Entities;

/// <summary>Asks many entities for a chore, a batch at a time, so that calls go on meanwhile.</summary>
/// <param name="pause">Between two batches; zero: the next one only queues behind what else runs.</param>
/// <param name="atLeast">In each batch, whatever time it takes: so that many entities are not many pauses.</param>
internal sealed class ChoreRound(EntitySilo silo, IEnumerable<EntityActivation> which, Chores chores, TimeSpan pause, int atLeast)
{
    readonly IEnumerator<EntityActivation> rest = which.GetEnumerator();

    public void Start() => silo.Post(Batch);

    void Batch()
    {
        var started = silo.Time.GetTimestamp();
        for (var asked = 1; !silo.IsDead && rest.MoveNext(); asked++)
        {
            rest.Current.DemandHere(chores);
            if (asked < atLeast || silo.Time.GetElapsedTime(started) < silo.Options.BatchBudget) continue;
            if (pause == TimeSpan.Zero) Start();
            else _ = StartLater();
            return;
        }
        rest.Dispose();
    }

    async Task StartLater()
    {
        await Task.Delay(pause, silo.Time);
        Start();
    }
}
