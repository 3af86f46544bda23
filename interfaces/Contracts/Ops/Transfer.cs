namespace Evergrain.Contracts.Ops;

/// <summary>A page of an export: one JSON document for each record, by kind and key.</summary>
/// <param name="Lines">Each without a line break.</param>
/// <param name="Unreadable">Records of this page that cannot be read, and are not in it.</param>
public sealed record ExportPage(IReadOnlyList<string> Lines, IReadOnlyList<EntityId> Unreadable)
{
    public const int MaxLines = 1_000;

    /// <summary>What to ask the next page after; null when this is the last.</summary>
    public EntityId? Next { get; init; }
}

/// <summary>What an import does with an entity that is there already, in another state.</summary>
public enum ExistingEntities
{
    /// <summary>It is a problem: nothing is applied.</summary>
    Refuse,
    /// <summary>It stays as it is.</summary>
    Skip,
    /// <summary>It is replaced, also where it is active.</summary>
    Replace,
}

/// <summary>One part of an import.</summary>
/// <param name="DryRun">Judge the lines and apply nothing.</param>
/// <param name="FirstLine">The number of the first line in the whole file, from 1; for the findings.</param>
public sealed record ImportRequest(ExistingEntities Existing, bool DryRun, int FirstLine);

/// <summary>What became, or would become, of the lines.</summary>
/// <param name="Unchanged">They were there already in the same state, as after an import that was broken off.</param>
public sealed record ImportReport(int Created, int Replaced, int Skipped, int Unchanged);

/// <summary>How the stored records fit the published versions: of a page, or of the whole store.</summary>
/// <param name="Read">Records that were read.</param>
/// <param name="Problems">How many problems of each code there are.</param>
/// <param name="Examples">At most <see cref="MaxExamples"/> of them.</param>
public sealed record StateReport(long Read, IReadOnlyDictionary<string, long> Problems, IReadOnlyList<Finding> Examples)
{
    public const int MaxExamples = 100;

    /// <summary>Records with a problem.</summary>
    public long Bad { get; init; }

    /// <summary>Slices of modules that do not serve: they are kept as bytes, and are no problem.</summary>
    public long Kept { get; init; }

    /// <summary>What to ask the next page after; null when this is the last.</summary>
    public EntityId? Next { get; init; }
}
