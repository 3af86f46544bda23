using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Tests;

public sealed class PublishTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("evergrain-cli-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_bytes_of_every_file_reach_the_server_and_the_receipts_are_the_json()
    {
        await using var door = await OpsDoor.Open();
        door.On("POST /v1/ops/packages", 201,
            new PackageReceipt("battle", "1.0.0", new string('a', 64), 3, true),
            new PackageReceipt("battle", "1.1.0", new string('b', 64), 200_000, false));
        var large = new byte[200_000];
        new Random(7).NextBytes(large);
        var run = await door.Run("publish", Package("one.gmod", [1, 2, 3]), Package("two.gmod", large), "--output", "json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(["1.0.0", "1.1.0"], run.Json.EnumerateArray().Select(receipt => receipt.GetProperty("version").GetString()));
        Assert.Equal([1, 2, 3], door.Requests[0].Body);
        Assert.Equal(large, door.Requests[1].Body);
    }

    [Fact]
    public async Task A_refused_package_shows_every_finding_and_keeps_no_other_back()
    {
        await using var door = await OpsDoor.Open();
        var receipt = new PackageReceipt("lobby", "1.0.0", "cafe", 1, true);
        var refusal = Recorded.Refusal(ErrorCodes.BadPackage, 422, "It has 2 findings.", Recorded.BadPath, Recorded.Throws);
        door.Does("POST /v1/ops/packages", context => door.Requests.Count == 1 ? OpsDoor.Refuse(context, refusal) : OpsDoor.Give(context, 201, receipt));
        var bad = Package("bad.gmod", [0]);
        var run = await door.Run("publish", bad, Package("good.gmod", [1]));

        Assert.Equal(3, run.ExitCode);
        foreach (var part in new[] { bad, "bad-package", Recorded.BadPath.Code, Recorded.BadPath.Where, Recorded.BadPath.Next, Recorded.Throws.Message, "battle@1.1.0" })
            Assert.Contains(part, run.Error);
        Assert.Contains("lobby@1.0.0", run.Out);
    }

    [Fact]
    public async Task Files_that_are_not_there_are_told_before_any_is_sent()
    {
        await using var door = await OpsDoor.Open();
        var run = await door.Run("publish", Package("good.gmod", [1]), "nowhere.gmod", _folder.FullName);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("no file 'nowhere.gmod'", run.Error);
        Assert.Contains("is a folder", run.Error);
        Assert.Empty(door.Requests);
    }

    string Package(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
