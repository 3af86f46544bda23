namespace Evergrain.Core.Rollouts;

/// <summary>The one desired state of the cluster. One conditional write of it is a commit, and its etag is the only fence.</summary>
public sealed record ClusterRecord
{
    /// <summary>What a new store begins with.</summary>
    public static readonly ClusterRecord First = new() { Incarnation = 1, Release = Release.None, Silos = [], WriteId = Guid.Empty };

    /// <summary>Which life of the store this is: it grows when a backup is restored.</summary>
    public required long Incarnation { get; init; }
    public required Release Release { get; init; }
    public long Epoch => Release.Epoch;

    /// <summary>The running rollout, or the last one that ended; null before the first.</summary>
    public Rollout? Rollout { get; init; }

    /// <summary>The silos that serve or are about to, by id.</summary>
    public required IReadOnlyList<EnrolledSilo> Silos { get; init; }

    /// <summary>Names one write, so that its author knows it again.</summary>
    public required Guid WriteId { get; init; }

    /// <summary>Given by the store at each write.</summary>
    public string Etag { get; init; } = "";

    /// <summary>Every store asks before it replaces <paramref name="current"/>: whoever writes keeps these rules, and a record that broke them would
    /// take the cluster with it.</summary>
    /// <exception cref="InvalidOperationException">An epoch falls or is left out, or its release is another.</exception>
    public void MustFollow(ClusterRecord current)
    {
        if (Epoch < current.Epoch || Epoch > current.Epoch + 1)
            throw new InvalidOperationException($"A release of epoch {Epoch} cannot follow epoch {current.Epoch}.");
        if (Epoch == current.Epoch && !ReferenceEquals(Release, current.Release) && ClusterFormat.Encode(Release) != ClusterFormat.Encode(current.Release))
            throw new InvalidOperationException($"Epoch {Epoch} has a release already, and a release never changes.");
    }

    public EnrolledSilo? Silo(string id) => Silos.FirstOrDefault(silo => silo.Id == id);
}

/// <summary>A silo that no commit may miss.</summary>
/// <param name="Instance">Which life of the silo: one that comes back under its old name has prepared nothing.</param>
public sealed record EnrolledSilo(string Id, Guid Instance, DateTimeOffset At);
