using System.Diagnostics;

namespace Evergrain.Cli.Tests;

/// <summary>The launcher in a clone of its own, with a dotnet that only notes what it was asked.</summary>
public sealed class LauncherTests : IDisposable
{
    const string NotingDotnet = """
        #!/usr/bin/env bash
        if [ "$1" = build ]; then
          echo build >> "$CLONE/calls"
          if [ -f "$CLONE/broken" ]; then echo "error CS0001: broken"; exit 1; fi
          mkdir -p "$CLONE/artifacts/bin/Evergrain.Cli/release"
          touch "$CLONE/artifacts/bin/Evergrain.Cli/release/evergrain.dll"
        else
          printf 'run'  >> "$CLONE/calls"
          printf '%s\n' "$EVERGRAIN_COMMAND" > "$CLONE/name"
          shift
          printf ' [%s]' "$@" >> "$CLONE/calls"
          echo >> "$CLONE/calls"
          exit 6
        fi
        """;

    readonly DirectoryInfo _clone = Directory.CreateTempSubdirectory("evergrain clone-");
    readonly string _source;

    public LauncherTests()
    {
        foreach (var folder in new[] { "client/Cli", "interfaces", "bin" }) _clone.CreateSubdirectory(folder);
        foreach (var file in new[] { "Directory.Packages.props", "Directory.Build.props" }) File.WriteAllText(In(file), "");
        _source = In("client/Cli/Program.cs");
        File.WriteAllText(_source, "");
        File.SetLastWriteTimeUtc(_source, DateTime.UtcNow.AddHours(-1));
        File.Copy(Path.Combine(Clone.Root, "evergrain"), In("evergrain"));
        File.WriteAllText(In("bin/dotnet"), NotingDotnet.ReplaceLineEndings("\n"));
        foreach (var program in new[] { "evergrain", "bin/dotnet" })
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(In(program), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public void Dispose() => _clone.Delete(recursive: true);

    [UnixFact]
    public async Task It_builds_on_first_use_and_when_a_source_is_newer_and_passes_arguments_and_exit_code_on()
    {
        var first = await Launch("status", "--reason", "two words");
        var second = await Launch("history");
        File.SetLastWriteTimeUtc(_source, DateTime.UtcNow.AddMinutes(1));
        var third = await Launch("history");

        Assert.Equal([(6, ""), (6, ""), (6, "")], [first, second, third]);
        Assert.Equal(["build", "run [status] [--reason] [two words]", "run [history]", "build", "run [history]"], Calls());
    }

    [UnixFact]
    public async Task It_says_how_it_was_started_so_that_hints_can_be_typed()
    {
        await Launch("status");
        Assert.Equal(In("evergrain").Replace(" ", "\\ "), Name());

        await Launch(_clone.FullName, "./evergrain status");
        Assert.Equal("./evergrain", Name());
        await Launch(_clone.FullName, "bash evergrain status");
        Assert.Equal("./evergrain", Name());
        await Launch(_clone.FullName, "cd bin && PATH=\"$CLONE:$PATH\" && evergrain status");
        Assert.Equal("evergrain", Name());

        string Name() => File.ReadAllText(In("name")).TrimEnd();
    }

    [UnixFact]
    public async Task A_build_that_fails_shows_why_and_the_next_use_builds_again()
    {
        File.WriteAllText(In("broken"), "");
        var broken = await Launch("status");
        File.Delete(In("broken"));
        var mended = await Launch("status");

        Assert.Equal(70, broken.ExitCode);
        Assert.Contains("error CS0001: broken", broken.Error);
        Assert.Equal(6, mended.ExitCode);
        Assert.Equal(["build", "build", "run [status]"], Calls());
        Assert.Subset(new HashSet<string> { "evergrain.built", "evergrain.lock", "evergrain.log" }, new DirectoryInfo(In("artifacts")).GetFiles().Select(file => file.Name).ToHashSet());
    }

    Task<(int ExitCode, string Error)> Launch(params string[] arguments) => Start(new ProcessStartInfo("bash", [In("evergrain"), .. arguments]));

    Task<(int ExitCode, string Error)> Launch(string folder, string line) => Start(new ProcessStartInfo("bash", ["-c", line]) { WorkingDirectory = folder });

    async Task<(int ExitCode, string Error)> Start(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        start.Environment["CLONE"] = _clone.FullName;
        start.Environment["PATH"] = $"{In("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var error = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, error);
    }

    string[] Calls() => File.ReadAllLines(In("calls"));

    string In(string path) => Path.Combine(_clone.FullName, path);
}
