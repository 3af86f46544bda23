using System.Text.Json;
using Evergrain.Contracts.Ops;
using Evergrain.Runtime;

namespace Evergrain.Core.Operators;

/// <summary>What the published versions of a module mark as secret. Safe from any thread.</summary>
public sealed class PublishedSecrets(IPackageStore packages)
{
    static readonly JsonElement Nothing = JsonDocument.Parse("null").RootElement;

    /// <summary>The entity as an operator may see it. What any version of a module marks is masked, whichever version wrote it: fields of another
    /// version are kept in a state. The state of a module of which no version is published is hidden whole.</summary>
    /// <exception cref="Contracts.CallFailedException"><c>store-unavailable</c>: nobody knows what is secret: nothing is shown.</exception>
    public async Task<EntityView> Masked(EntityView view, CancellationToken cancellation)
    {
        if (view.Slices.Count == 0) return view;
        var published = await StoreAnswers.Asked(() => packages.List(cancellation));
        return view with { Slices = [.. view.Slices.Select(slice => Masked(slice, view.Id.Kind, published))] };
    }

    static SliceView Masked(SliceView view, string kind, IReadOnlyList<PublishedPackage> published)
    {
        var versions = published.Where(package => package.Ref.Name == view.Module).SelectMany(package => package.Manifest.Slices).Where(slice => slice.Kind == kind).ToArray();
        return versions.Length == 0
            ? view with { State = Nothing, Hidden = $"No published version of {view.Module} has a slice of {kind}, so nobody can say what of it is secret. Publish the package to see it." }
            : view with { State = SecretMask.Mask(view.State, [.. versions.SelectMany(slice => slice.Secrets ?? []).Distinct(StringComparer.Ordinal)]) };
    }
}
