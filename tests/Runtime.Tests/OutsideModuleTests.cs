using System.Diagnostics;
using Evergrain.ModulePackaging;
using Evergrain.Runtime.Tests.Support;

namespace Evergrain.Runtime.Tests;

/// <summary>A module project outside this repository, with nothing but the packed SDK.</summary>
public sealed class OutsideModuleTests
{
    const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <EvergrainModule>greeter</EvergrainModule>
            <Version>1.2.3</Version>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Evergrain.ModuleSdk" Version="*" />
          </ItemGroup>
        </Project>
        """;

    const string Source = """
        using System.Text.Json.Serialization;
        using Evergrain.ModuleSdk;

        public sealed record Greeted(int Times);
        [JsonSerializable(typeof(Greeted)), JsonSerializable(typeof(Nothing))]
        internal sealed partial class GreeterJson : JsonSerializerContext;

        public sealed class GreeterModule : GameModule
        {
            public override void Configure(ModuleBuilder module) => module
                .Json(GreeterJson.Default)
                .Owns("greeter", 1, _ => new Greeted(0))
                .Operation<Nothing, Greeted>("greet", (turn, _) => turn.State = new Greeted(turn.State.Times + 1));
        }
        """;

    [Fact]
    public async Task A_module_outside_the_repository_builds_with_the_packed_SDK_alone()
    {
        var folder = Directory.CreateTempSubdirectory("evergrain-outside").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "Greeter.csproj"), Project);
            await File.WriteAllTextAsync(Path.Combine(folder, "GreeterModule.cs"), Source);
            await File.WriteAllTextAsync(Path.Combine(folder, "nuget.config"), """
                <configuration>
                  <config><add key="globalPackagesFolder" value="packages" /></config>
                  <packageSources><clear /><add key="local" value="sdk" /></packageSources>
                </configuration>
                """);
            await Dotnet(Fixtures.RepositoryRoot, "pack", Path.Combine("interfaces", "ModuleSdk"), "-c", Fixtures.Configuration, "--no-restore", "-o", Path.Combine(folder, "sdk"), "-nologo", "-v", "q");
            await Dotnet(folder, "build", "-nologo", "-v", "q");

            var package = Forge.Open(await File.ReadAllBytesAsync(Path.Combine(folder, "bin", "Debug", "net10.0", "greeter-1.2.3.gmod")));
            Assert.Equal("greeter@1.2.3", package.Manifest.Id.ToString());
            Assert.Equal(["lib/Greeter.dll", "lib/Greeter.pdb"], package.Entries.Keys.Where(entry => entry.StartsWith(PackageLayout.Library, StringComparison.Ordinal)).Order());
            await using var silo = new Silo();
            Assert.NotNull(await silo.Ready(await silo.Publish(await File.ReadAllBytesAsync(Path.Combine(folder, "bin", "Debug", "net10.0", "greeter-1.2.3.gmod")))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task Dotnet(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // What the test's own build told its children is not for this one.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} failed:\n{await output}\n{await errors}");
    }
}
