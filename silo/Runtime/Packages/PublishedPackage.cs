using Evergrain.ModulePackaging;

namespace Evergrain.Runtime;

/// <summary>A package in the store.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="Bytes">May be empty when it was listed.</param>
public sealed record PublishedPackage(PackageRef Ref, long Size, ModuleManifest Manifest, ReadOnlyMemory<byte> Bytes);
