using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.ModulePackaging;
using Evergrain.Runtime.Verification;

namespace Evergrain.Runtime;

/// <summary>The way of a package into the store: everything that can be judged without loading it is judged first. Safe from any thread.</summary>
public sealed class PackageIntake(IPackageStore store, PackageLimits limits, SignaturePolicy policy)
{
    /// <exception cref="FindingsException">What is wrong with the package, all of it; or its version is taken. Nothing is stored then.</exception>
    public ValueTask<PackageReceipt> Publish(ReadOnlyMemory<byte> package, CancellationToken cancellation)
    {
        var reading = PackageVerification.Verify(package, limits, policy, cancellation);
        if (reading.Contents is not { } contents) throw Refused(reading.Findings);
        var manifest = contents.Manifest;
        return store.Publish(new PublishedPackage(new PackageRef(manifest.Name, manifest.Version, contents.Digest), package.Length, manifest, package), cancellation);
    }

    static FindingsException Refused(IReadOnlyList<Finding> findings) => new(
        findings[0].Code switch
        {
            "package/too-large" => ErrorCodes.PackageTooLarge,
            "package/cut-off" => ErrorCodes.UploadIncomplete,
            _ => ErrorCodes.BadPackage,
        },
        findings.Count == 1 ? findings[0].Message : $"The package is refused for {findings.Count} reasons; the first: {findings[0].Message}",
        findings[0].Next, findings);
}
