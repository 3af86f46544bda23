using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Checks;

/// <summary>P7: a joining silo serves nothing before it is enrolled and has caught up, one that was told that it is none any more serves nothing after
/// that, and once the faults are over every silo is where the record is, soon.</summary>
internal sealed class ServesOnceEnrolled(Known known) : Checker("P7")
{
    // The membership says again what was not heard.
    static readonly TimeSpan HearsOfItself = TimeSpan.FromSeconds(3);

    // From the commit until each silo routes by it, when nothing goes wrong: a look at the record, and what has to be prepared.
    static readonly TimeSpan CatchesUp = TimeSpan.FromSeconds(10);

    readonly HashSet<int> proven = [];
    TimeSpan? over;
    TimeSpan committed;

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case CodeRan ran:
                Runs(ran, ran.Silo, ran.Life);
                break;
            case CodeBusy { Begins: true } busy:
                Runs(busy, busy.Silo, busy.Life);
                break;
            case SiloMoved { Serves: true } moved when known.Silos.Members.FirstOrDefault(life => life.Silo == moved.Silo) is { Ends: false } life:
                Proves(moved, life, "serves");
                break;
            case FaultsEnded ended:
                over = ended.At;
                break;
            case RecordStored stored:
                See(stored);
                break;
            case SiloRoutes routes:
                See(routes);
                break;
        }
    }

    void Runs(Observation seen, string silo, int life)
    {
        if (known.Silos.Find(life) is not { } found) Broken(seen.At, $"code runs on {silo}, which never was a member.");
        else if (found.Left is { } left && IsOut(seen.At, left, found)) Broken(seen.At, $"code runs on {silo}, {(seen.At - left).TotalSeconds:0.0} s after it was taken for gone.");
        else if (proven.Add(life)) Proves(seen, found, "runs code");
    }

    void Proves(Observation seen, SiloLife life, string what)
    {
        if (known.Silos.EnrolledAt(life.Instance) is not { } enrolled) Broken(seen.At, $"{life.Silo} {what} before it is enrolled.");
        else if ((life.Routes?.Epoch ?? 0) < enrolled) Broken(seen.At, $"{life.Silo} {what} at epoch {life.Routes?.Epoch ?? 0}; it enrolled at {enrolled}.");
    }

    void See(RecordStored stored)
    {
        if (stored.After.Epoch > stored.Before.Epoch) committed = stored.At;
        if (ReferenceEquals(stored.Before.Silos, stored.After.Silos)) return;
        foreach (var silo in stored.After.Silos)
            if (stored.Before.Silos.All(before => before.Instance != silo.Instance) && known.Silos.Find(silo.Instance) is { Left: { } left } life && IsOut(stored.At, left, life))
                Broken(stored.At, $"{silo.Id} enrols {(stored.At - left).TotalSeconds:0.0} s after it was taken for gone.");
    }

    void See(SiloRoutes routes)
    {
        if (over is not { } calm || known.Silos.Find(routes.Life) is not { Ends: false, Left: null } life) return;
        var from = new[] { calm, committed, life.Joined, life.StoodUntil ?? default }.Max();
        if (routes.At - from > CatchesUp) Broken(routes.At, $"{routes.Silo} routes by epoch {routes.Epoch} only {(routes.At - from).TotalSeconds:0.0} s after nothing kept it from that.");
    }

    // It has had the time to hear of it.
    bool IsOut(TimeSpan now, TimeSpan left, SiloLife life) => now - left > HearsOfItself && !(life.StoodUntil is { } stood && now - HearsOfItself <= stood)
        && !known.Troubles.FeltSince(now, FaultKind.Partition, FaultKind.DropMessages, FaultKind.DelayMessages, FaultKind.ReorderMessages);
}
