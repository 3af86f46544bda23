using System.Security.Cryptography;
using Evergrain.ModulePackaging;

namespace Evergrain.Cli.Tests;

public sealed class PackTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("evergrain-cli-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_built_module_becomes_a_package_that_a_silo_can_read()
    {
        var run = await CliProcess.Run("pack", Battle, "--name", "battle", "--version", "1.1.0", "--out", Path.Combine(_folder.FullName, "new"), "--output", "json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var package = await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, "new", "battle-1.1.0.gmod"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(package)), run.Json.GetProperty("digest").GetString());
        var reading = PackageReader.Read(package, new PackageLimits());
        Assert.Empty(reading.Findings);
        Assert.Contains(reading.Contents!.Manifest.Operations, operation => operation.Name == "battle.cast");
    }

    [Fact]
    public async Task Samples_of_a_folder_are_in_the_package()
    {
        var samples = Path.Combine(Clone.Root, "grains", "Game", "Battle", "Shared", "samples");
        var run = await CliProcess.Run("pack", Battle, "--name", "battle", "--version", "1.1.0", "--samples", samples, "--out", _folder.FullName);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var package = await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, "battle-1.1.0.gmod"));
        var packed = PackageReader.Read(package, new PackageLimits()).Contents!.Samples.Keys;
        Assert.NotEmpty(packed);
        Assert.Equal(Directory.GetFiles(samples).Select(file => $"samples/{Path.GetFileName(file)}").Order(StringComparer.Ordinal), packed);
    }

    [Fact]
    public async Task Samples_that_are_not_there_or_go_with_a_data_set_are_told()
    {
        var nowhere = await CliProcess.Run("pack", Battle, "--name", "battle", "--version", "1.1.0", "--samples", "nowhere");
        var none = await CliProcess.Run("pack", "--data", TextFile("balance.json", "{}"), "--name", "balance", "--version", "2.0.0", "--samples", _folder.CreateSubdirectory("none").FullName);

        Assert.Equal((2, 2), (nowhere.ExitCode, none.ExitCode));
        Assert.Contains("no such folder", nowhere.Error);
        Assert.Contains("a data set has no calls", none.Error);
        Assert.Contains("no *.json lies in that folder", none.Error);
    }

    [Fact]
    public async Task A_data_set_is_packed_and_the_next_command_is_said()
    {
        var run = await CliProcess.Run(
            ["pack", "--data", TextFile("balance.json", """{"fireball":30}"""), "--name", "balance", "--version", "2.0.0", "--out", _folder.FullName],
            new() { ["EVERGRAIN_COMMAND"] = "./evergrain" });

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var path = Path.Combine(_folder.FullName, "balance-2.0.0.gmod");
        Assert.Contains($"next: ./evergrain publish {path}", run.Out);
        Assert.Empty(PackageReader.Read(await File.ReadAllBytesAsync(path), new PackageLimits()).Findings);
    }

    [Fact]
    public async Task What_is_no_data_set_is_refused_and_nothing_is_written()
    {
        var run = await CliProcess.Run("pack", "--data", TextFile("balance.json", "fireball: 30"), "--name", "balance", "--version", "2.0.0", "--out", _folder.FullName, "--output", "json");

        Assert.Equal((3, ""), (run.ExitCode, run.Out));
        Assert.Equal("bad-package", run.Problem.GetProperty("code").GetString());
        Assert.NotEqual(0, run.Problem.GetProperty("findings").GetArrayLength());
        Assert.Empty(_folder.GetFiles("*.gmod*"));
    }

    [Fact]
    public async Task Everything_wrong_with_the_line_is_told_at_once()
    {
        var run = await CliProcess.Run("pack", "nowhere.dll", "--data", "nothing.json", "--name", "Battle", "--version", "1.0", "--out", TextFile("taken", ""));

        Assert.Equal(2, run.ExitCode);
        foreach (var part in new[] { "no file 'nowhere.dll'", "no file 'nothing.json'", "not both", "--name is 'Battle'", "--version is '1.0'", "a file, not a folder" })
            Assert.Contains(part, run.Error);
    }

    [Fact]
    public async Task Without_anything_to_pack_all_that_is_missing_is_told()
    {
        var run = await CliProcess.Run("pack");

        Assert.Equal(2, run.ExitCode);
        foreach (var part in new[] { "Name what to pack", "--name", "--version" }) Assert.Contains(part, run.Error);
    }

    // The output folders of one build stand side by side: bin/PROJECT/CONFIGURATION.
    static string Battle
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(here.Parent!.Parent!.FullName, "Battle.V1.1.0", here.Name, "Battle.dll");
        }
    }

    string TextFile(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
