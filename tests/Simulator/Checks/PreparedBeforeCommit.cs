using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks;

/// <summary>P10: no commit unless every enrolled silo prepared exactly that digest, or left.</summary>
internal sealed class PreparedBeforeCommit(Known known) : Checker("P10")
{
    public override void See(Observation observation)
    {
        if (observation is not RecordStored stored || stored.After.Epoch == stored.Before.Epoch) return;
        foreach (var silo in stored.After.Silos)
        {
            if (known.Silos.Find(silo.Instance) is not { Ends: false, Left: null } || !stored.Ready.TryGetValue(silo.Instance, out var ready)) continue;
            foreach (var package in stored.After.Release.Packages)
                if (!ready.Contains(package.Digest)) Broken(stored.At, $"epoch {stored.After.Epoch} was committed, and {silo.Id} has not prepared {package}.");
        }
    }
}
