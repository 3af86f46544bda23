namespace Evergrain.Contracts.Ops;

/// <summary>Answer to a publish: durable before it is given.</summary>
/// <param name="Digest">SHA-256 of the package's bytes, lower-case hex.</param>
/// <param name="Created">False when the same bytes were published before.</param>
public sealed record PackageReceipt(string Name, string Version, string Digest, long Size, bool Created);
