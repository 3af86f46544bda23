namespace Evergrain.Core.Rollouts;

/// <summary>The one desired state of the cluster. One conditional write of it is a commit, and its etag is the only fence.</summary>
public sealed record ClusterRecord
{
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

    public EnrolledSilo? Silo(string id) => Silos.FirstOrDefault(silo => silo.Id == id);
}

/// <summary>A silo that no commit may miss.</summary>
/// <param name="Instance">Which life of the silo: one that comes back under its old name has prepared nothing.</param>
public sealed record EnrolledSilo(string Id, Guid Instance, DateTimeOffset At);
