using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks;

/// <summary>P7: a joining silo serves nothing before it is enrolled and has caught up.</summary>
internal sealed class ServesOnceEnrolled(Known known) : Checker("P7")
{
    readonly HashSet<int> proven = [];

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
        }
    }

    void Runs(Observation seen, string silo, int life)
    {
        if (!proven.Add(life)) return;
        if (known.Silos.Find(life) is not { } found) Broken(seen.At, $"code runs on {silo}, which never was a member.");
        else if (known.Silos.EnrolledAt(found.Instance) is not { } enrolled) Broken(seen.At, $"code runs on {silo} before it is enrolled.");
        else if (!(found.Routes?.Epoch >= enrolled)) Broken(seen.At, $"code runs on {silo} at epoch {found.Routes?.Epoch ?? 0}; it enrolled at {enrolled}.");
    }
}
