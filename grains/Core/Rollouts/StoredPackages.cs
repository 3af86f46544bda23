using Evergrain.ModulePackaging;
using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>The published packages, as planning a release sees them.</summary>
public sealed class StoredPackages(IPackageStore store) : IReleasePackages
{
    public async ValueTask<IReadOnlyList<ReleasePackage>> Versions(string name, CancellationToken cancellation) =>
        [.. (await store.List(cancellation)).Where(package => package.Ref.Name == name)
            .Select(package => new ReleasePackage(package.Ref, [.. package.Manifest.Slices.Select(Schema)]))];

    static SliceSchema Schema(SliceManifest slice) => new(slice.Kind, slice.Schema) { Steps = [.. slice.Steps.Select(step => (step.From, step.To))] };

    public async ValueTask<IReadOnlyList<string>> MethodsChanged(PackageRef? from, PackageRef? to, CancellationToken cancellation) =>
        // A module that comes or goes as a whole says nothing by listing every method.
        await Manifest(from, cancellation) is { } older && await Manifest(to, cancellation) is { } newer ? MethodDiff.Compare(older, newer) : [];

    async ValueTask<ModuleManifest?> Manifest(PackageRef? package, CancellationToken cancellation) =>
        package is null ? null : (await store.Find(package.Name, package.Version, cancellation))?.Manifest;
}
