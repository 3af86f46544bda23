using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.ModulePackaging;

namespace Evergrain.Runtime;

/// <summary>A package in the store.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="Bytes">May be empty when it was listed.</param>
public sealed record PublishedPackage(PackageRef Ref, long Size, ModuleManifest Manifest, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>By name and version, as every store lists them.</summary>
    public static IEnumerable<PublishedPackage> InOrder(IEnumerable<PublishedPackage> packages) => packages
        .OrderBy(package => package.Ref.Name, StringComparer.Ordinal)
        .ThenBy(package => package.Ref.Version, Comparer<string>.Create(SemanticVersion.Compare));

    public PackageReceipt Receipt(bool created) => new(Ref.Name, Ref.Version, Ref.Digest, Size, created);

    /// <summary>What a store answers to <paramref name="second"/>, when this package has its name and version already.</summary>
    public FindingsException TakenFor(PublishedPackage second)
    {
        var message = $"{Ref} was published before with other bytes ({Ref.Digest[..12]}, not {second.Ref.Digest[..12]}).";
        const string Next = "Raise the version and publish that: a published version never changes.";
        return new FindingsException(ErrorCodes.VersionPublished, message, Next,
            [new Finding("package/version-published", Ref.ToString(), message, Next) { Module = Ref.ToString() }]);
    }
}
