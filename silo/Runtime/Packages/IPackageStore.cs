using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Runtime;

/// <summary>Where packages lie, by their content. Outside the silos, so that a silo's death loses none. Safe from any thread.</summary>
public interface IPackageStore
{
    /// <summary>Durable before it answers. The first writer of a version wins; the same bytes again are no error.</summary>
    /// <exception cref="FindingsException"><see cref="ErrorCodes.VersionPublished"/>: the version exists with other bytes.</exception>
    ValueTask<PackageReceipt> Publish(PublishedPackage package, CancellationToken cancellation);

    /// <summary>The package's bytes, or null.</summary>
    ValueTask<ReadOnlyMemory<byte>?> Read(string digest, CancellationToken cancellation);

    ValueTask<PublishedPackage?> Find(string name, string version, CancellationToken cancellation);

    /// <summary>All, by name and version. Their bytes may be left empty.</summary>
    ValueTask<IReadOnlyList<PublishedPackage>> List(CancellationToken cancellation);
}
