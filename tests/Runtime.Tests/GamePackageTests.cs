using Evergrain.ModulePackaging;
using Evergrain.Runtime.Tests.Support;
using Evergrain.Runtime.Verification;

namespace Evergrain.Runtime.Tests;

/// <summary>The packages of the sample game, as its projects built them.</summary>
public sealed class GamePackageTests
{
    static readonly string[] Others = ["lobby", "player", "quest", "wallet"];

    [Theory]
    [InlineData("battle", "1.0.0")]
    [InlineData("battle", "1.1.0")]
    [InlineData("battle", "2.0.0")]
    [InlineData("lobby", "1.0.0")]
    [InlineData("player", "1.0.0")]
    [InlineData("quest", "1.0.0")]
    [InlineData("wallet", "1.0.0")]
    public void Every_package_passes_verification_without_a_finding(string name, string version)
    {
        var reading = PackageVerification.Verify(Fixtures.Game(name, version), new PackageLimits(), Silo.Options.Signatures, default);

        Assert.Empty(reading.Findings);
        Assert.Equal($"{name}@{version}", reading.Contents!.Manifest.Id.ToString());
    }

    [Fact]
    public async Task Every_version_of_battle_is_prepared_with_its_samples_and_follows_the_one_before()
    {
        await using var silo = new Silo();
        var others = new List<PackageRef>();
        foreach (var other in Others) others.Add(await silo.Publish(Fixtures.Game(other, "1.0.0")));
        var epoch = 0;
        foreach (var version in new[] { "1.0.0", "1.1.0", "2.0.0" })
        {
            var package = Fixtures.Game("battle", version);
            Assert.Equal(2, Forge.Open(package).Samples.Count);
            PackageRef[] release = [.. others, await silo.Publish(package)];
            foreach (var part in release) Assert.NotNull(await silo.Ready(part, [.. release.Except([part])]));
            silo.Runtime.Activate(++epoch, release);
        }
        Assert.Equal(3, silo.Runtime.Table.Epoch);
    }
}
