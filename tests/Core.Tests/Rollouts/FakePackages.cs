using Evergrain.Core.Rollouts;
using Evergrain.Runtime;

namespace Evergrain.Core.Tests.Rollouts;

/// <summary>Published packages by name; the schema of each is what the test says.</summary>
sealed class FakePackages : IReleasePackages
{
    readonly List<ReleasePackage> published = [];

    /// <param name="oneWay">It has steps up alone; else one up and one down between each two schemas.</param>
    /// <param name="onlyNewest">Of these it has but those to and from its own schema.</param>
    public PackageRef Publish(string name, string version, int schema = 1, bool oneWay = false, bool onlyNewest = false)
    {
        var package = new PackageRef(name, version, $"digest-{name}-{version}");
        var ups = Enumerable.Range(1, schema - 1).Where(older => !onlyNewest || older == schema - 1).Select(older => (From: older, To: older + 1)).ToArray();
        published.Add(new ReleasePackage(package, [new SliceSchema(name, schema) { Steps = oneWay ? ups : [.. ups, .. ups.Select(up => (up.To, up.From))] }]));
        return package;
    }

    public ReleasePackage Of(PackageRef package) => published.Single(one => one.Ref == package);

    public ValueTask<IReadOnlyList<ReleasePackage>> Versions(string name, CancellationToken cancellation) =>
        new([.. published.Where(package => package.Ref.Name == name)]);

    public ValueTask<IReadOnlyList<string>> MethodsChanged(PackageRef? from, PackageRef? to, CancellationToken cancellation) =>
        new([$"~ {from?.Version} to {to?.Version}"]);
}
