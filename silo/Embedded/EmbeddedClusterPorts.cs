namespace Evergrain.Embedded;

/// <summary>Everything that the engine does not make itself: stores that outlive silos, time, threads, chance, the loader of code. The
/// cluster's doors use its own; so do its silos, unless <see cref="Silo"/> gives them theirs.</summary>
public sealed record EmbeddedClusterPorts : EmbeddedSiloPorts
{
    public ISiloNetwork Network { get; init; } = new DirectNetwork();

    /// <summary>The ports of one silo, asked for once each time that a silo of that id is added; must not call the cluster. Default: the cluster's own, with a
    /// <see cref="Random"/> drawn from the cluster's.</summary>
    public Func<string, EmbeddedSiloPorts>? Silo { get; init; }

    /// <summary>Whoever calls sees to it that no two do at a time: chance is drawn.</summary>
    internal EmbeddedSiloPorts Of(string silo) => Silo?.Invoke(silo) ?? this with { Random = new Random(Random.Next()) };
}
