namespace Evergrain.Core.Rollouts;

/// <summary>What was: the last releases and the last rollouts that ended, newest first, at most <see cref="Limit"/> of each.</summary>
public sealed record ClusterHistory(IReadOnlyList<Release> Releases, IReadOnlyList<Rollout> Rollouts)
{
    public const int Limit = 100;
    public static readonly ClusterHistory Empty = new([], []);

    /// <summary>The history once <paramref name="next"/> is written over <paramref name="current"/>. Every store applies it in the same
    /// transaction as the write, so that no commit and no end of a rollout is ever missing.</summary>
    public ClusterHistory After(ClusterRecord current, ClusterRecord next)
    {
        var committed = next.Epoch > current.Epoch;
        var ended = next.Rollout is { Ended: true } rollout && !(current.Rollout is { Ended: true } before && before.Id == rollout.Id);
        return this with
        {
            Releases = committed ? [next.Release, .. Releases.Take(Limit - 1)] : Releases,
            Rollouts = ended ? [next.Rollout!, .. Rollouts.Take(Limit - 1)] : Rollouts,
        };
    }

    /// <summary>Null when no release of that epoch is kept.</summary>
    public Release? Release(long epoch) => Releases.FirstOrDefault(release => release.Epoch == epoch);
}
