using System.Text.Json;
using Evergrain.ModuleSdk;

namespace Evergrain.ModulePackaging;

/// <summary>One slice of the module: its kind, its schema and how to come there and back.</summary>
public sealed record SliceManifest
{
    public required string Kind { get; init; }

    /// <summary>Set where the module owns the kind.</summary>
    public KindOptions? Owner { get; init; }

    /// <summary>From 1.</summary>
    public required int Schema { get; init; }

    /// <summary>JSON schema of the state.</summary>
    public required JsonElement Shape { get; init; }

    /// <summary>SHA-256 of the canonical form of <see cref="Shape"/>, lower-case hex.</summary>
    public required string Fingerprint { get; init; }

    public IReadOnlyList<StepManifest> Steps { get; init; } = [];

    /// <summary>No step leads down from the schema: what was brought up to it cannot go back. A rollout is refused unless the operator accepts that.</summary>
    public bool OneWay { get; init; }

    public bool HasFrames { get; init; }

    /// <summary>The parts of the state that operators must not see, such as <c>account.token</c>; null where nothing is secret.</summary>
    public IReadOnlyList<string>? Secrets { get; init; }

    internal static bool GoesOneWay(int schema, IEnumerable<StepManifest> steps) => schema > 1 && !steps.Any(step => step.From == schema);
}

/// <summary>A migration that the module brings along.</summary>
public sealed record StepManifest(int From, int To);
