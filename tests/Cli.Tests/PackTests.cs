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
        // The output folders of one build stand side by side: bin/PROJECT/CONFIGURATION.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var battle = Path.Combine(here.Parent!.Parent!.FullName, "Battle.V1.1.0", here.Name, "Battle.dll");
        var run = await CliProcess.Run("pack", battle, "--name", "battle", "--version", "1.1.0", "--out", Path.Combine(_folder.FullName, "new"), "--output", "json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var package = await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, "new", "battle-1.1.0.gmod"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(package)), run.Json.GetProperty("digest").GetString());
        var reading = PackageReader.Read(package, new PackageLimits());
        Assert.Empty(reading.Findings);
        Assert.Contains(reading.Contents!.Manifest.Operations, operation => operation.Name == "battle.cast");
    }

    [Fact]
    public async Task A_data_set_is_packed_and_the_next_command_is_said()
    {
        var run = await CliProcess.Run("pack", "--data", TextFile("balance.json", """{"fireball":30}"""), "--name", "balance", "--version", "2.0.0", "--out", _folder.FullName);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var path = Path.Combine(_folder.FullName, "balance-2.0.0.gmod");
        Assert.Contains($"next: evergrain publish {path}", run.Out);
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

    string TextFile(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
