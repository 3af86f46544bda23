using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks;

/// <summary>Watches one promise. It knows what an outside observer could know, and the records.</summary>
internal abstract class Checker(string promise)
{
    readonly List<Breach> breaches = [];

    public IReadOnlyList<Breach> Breaches => breaches;

    public abstract void See(Observation observation);

    /// <summary>The faults are over, and the cluster has had its time to settle.</summary>
    public virtual void AtEnd(Outcome outcome) { }

    protected void Broken(TimeSpan at, string what) => breaches.Add(new Breach(promise, at, what, IsLiveness: false));

    /// <summary>What was to come has not come.</summary>
    protected void Missing(TimeSpan at, string what) => breaches.Add(new Breach(promise, at, what, IsLiveness: true));
}

/// <summary>A promise that did not hold.</summary>
/// <param name="IsLiveness">Nothing wrong happened; what should have did not.</param>
internal sealed record Breach(string Promise, TimeSpan At, string What, bool IsLiveness);
