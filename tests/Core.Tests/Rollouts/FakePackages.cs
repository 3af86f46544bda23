using Evergrain.Core.Rollouts;
using Evergrain.Runtime;

namespace Evergrain.Core.Tests.Rollouts;

/// <summary>Published packages by name; the schema of each is what the test says.</summary>
sealed class FakePackages : IReleasePackages
{
    readonly List<ReleasePackage> published = [];

    public PackageRef Publish(string name, string version, int schema = 1)
    {
        var package = new PackageRef(name, version, $"digest-{name}-{version}");
        published.Add(new ReleasePackage(package, [new SliceSchema(name, schema)]));
        return package;
    }

    public ReleasePackage Of(PackageRef package) => published.Single(one => one.Ref == package);

    public ValueTask<IReadOnlyList<ReleasePackage>> Versions(string name, CancellationToken cancellation) =>
        new([.. published.Where(package => package.Ref.Name == name)]);

    public ValueTask<IReadOnlyList<string>> MethodsChanged(PackageRef? from, PackageRef? to, CancellationToken cancellation) =>
        new([$"~ {from?.Version} to {to?.Version}"]);
}
