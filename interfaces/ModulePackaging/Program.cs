using Evergrain.Contracts;

namespace Evergrain.ModulePackaging;

/// <summary>The packer that a module's build runs: <c>pack --name battle --version 1.1.0 --out DIR (--assembly FILE [--samples LIST] | --data FILE)</c>,
/// where LIST is a file that names a sample file on each line.
/// Findings are printed in the form that MSBuild shows as errors; exit code 1 then, 2 for wrong arguments.</summary>
internal static class Program
{
    const string Usage = "usage: pack --name NAME --version VERSION --out DIR (--assembly FILE [--samples LIST] | --data FILE)";

    static int Main(string[] arguments)
    {
        if (Parse(arguments) is not { } options || !options.TryGetValue("--name", out var name)
            || !options.TryGetValue("--version", out var version) || !options.TryGetValue("--out", out var folder))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        var source = options.GetValueOrDefault("--assembly") ?? options.GetValueOrDefault("--data") ?? "";
        var result = ModulePacker.Pack(new PackRequest
        {
            Name = name, Version = version, Assembly = options.GetValueOrDefault("--assembly"), DataFile = options.GetValueOrDefault("--data"),
            Samples = options.TryGetValue("--samples", out var list) ? [.. File.ReadAllLines(list).Where(line => line.Length > 0)] : [],
        });
        foreach (var finding in result.Findings) Console.Error.WriteLine($"{source} : error EVERGRAIN: {OneLine(finding)}");
        if (result.Package is null) return 1;
        Write(Path.Combine(folder, PackageLayout.FileName(name, version)), result.Package);
        return 0;
    }

    static Dictionary<string, string>? Parse(string[] arguments)
    {
        string[] known = ["--name", "--version", "--out", "--assembly", "--data", "--samples"];
        if (arguments.Length % 2 == 0 || arguments[0] != "pack") return null;
        var options = new Dictionary<string, string>();
        for (var i = 1; i < arguments.Length; i += 2)
            if (!known.Contains(arguments[i]) || !options.TryAdd(arguments[i], arguments[i + 1])) return null;
        return options;
    }

    // A host that watches the folder must never see half a package.
    static void Write(string path, byte[] package)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path + ".part", package);
        File.Move(path + ".part", path, overwrite: true);
    }

    static string OneLine(Finding finding) => $"[{finding.Code}] {finding.Where}: {finding.Message} {finding.Next}".ReplaceLineEndings(" ");
}
