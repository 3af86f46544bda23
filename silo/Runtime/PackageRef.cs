using Evergrain.Contracts;

namespace Evergrain.Runtime;

/// <summary>Names exactly one package: a version by its name, its bytes by their digest.</summary>
/// <param name="Digest">SHA-256 of the package's bytes, lower-case hex.</param>
public sealed record PackageRef(string Name, string Version, string Digest)
{
    public ModuleId Id => new(Name, Version);
    public override string ToString() => $"{Name}@{Version}";
}
