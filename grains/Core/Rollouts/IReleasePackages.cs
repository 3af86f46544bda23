using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>What planning a release asks of the package store. Safe from any thread.</summary>
public interface IReleasePackages
{
    /// <summary>Every published version of a module or data set, in any order; empty when nothing of that name was published.</summary>
    ValueTask<IReadOnlyList<ReleasePackage>> Versions(string name, CancellationToken cancellation);

    /// <summary>Methods whose code differs, as in <see cref="Contracts.Ops.ModuleChange.Methods"/>; empty for data sets.</summary>
    ValueTask<IReadOnlyList<string>> MethodsChanged(PackageRef? from, PackageRef? to, CancellationToken cancellation);
}

/// <param name="Slices">The state schemas that it stores; empty for a data set.</param>
public sealed record ReleasePackage(PackageRef Ref, IReadOnlyList<SliceSchema> Slices);

/// <summary>One slice of a package: its schema, and the steps between schemas that the package has.</summary>
public sealed record SliceSchema(string Kind, int Schema)
{
    public IReadOnlyList<(int From, int To)> Steps { get; init; } = [];
}
