using System.CommandLine;
using System.Security.Cryptography;
using Evergrain.Cli.Ops;
using Evergrain.Cli.Screens;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.ModulePackaging;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain pack</c>: makes a package of a built module or of a data set, on this machine alone. It runs the module's <c>Configure</c>.</summary>
internal static class PackCommand
{
    public static Command Create(CommonOptions common)
    {
        var assembly = new Argument<string?>("ASSEMBLY")
        {
            Description = "The built module: Battle.dll, with the assemblies that it needs beside it.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var data = new Option<string?>("--data") { Description = "Instead of an assembly: the JSON file of a data set.", HelpName = "FILE.json" };
        var name = new Option<string>("--name") { Description = "The module's name: battle", HelpName = "NAME", Required = true, CustomParser = Arguments.ModuleName };
        var version = new Option<string>("--version") { Description = "By SemVer: 1.1.0", HelpName = "VERSION", Required = true, CustomParser = Arguments.ModuleVersion };
        var folder = new Option<string>("--out") { Description = "Where to put NAME-VERSION.gmod; made when it is not there.", HelpName = "FOLDER", DefaultValueFactory = _ => "." };
        var samples = new Option<string?>("--samples") { Description = "The folder of the module's sample calls, *.json; a silo plays them before the module may serve.", HelpName = "FOLDER" };
        assembly.Validators.Add(Arguments.CheckFiles);
        data.Validators.Add(Arguments.CheckFiles);
        // Checked where the two are, not on the command: an error of the command would hide all others.
        assembly.DefaultValueFactory = result =>
        {
            if (result.GetResult(data) is null) result.AddError("Name what to pack: an ASSEMBLY, or --data FILE.json.");
            return null;
        };
        data.Validators.Add(result =>
        {
            if (result.GetResult(assembly) is { Tokens.Count: > 0 }) result.AddError("Pack either an ASSEMBLY or --data FILE.json, not both.");
        });
        samples.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>();
            if (result.GetResult(data) is not null) result.AddError("--samples goes with an ASSEMBLY: a data set has no calls.");
            if (!Directory.Exists(text)) result.AddError($"--samples is '{text}': there is no such folder.");
            else if (SamplesIn(text).Length == 0) result.AddError($"--samples is '{text}': no *.json lies in that folder.");
        });
        folder.Validators.Add(result =>
        {
            if (File.Exists(result.GetValueOrDefault<string>())) result.AddError($"--out is '{result.GetValueOrDefault<string>()}': a file, not a folder.");
        });

        var command = new Command("pack", "Make a package of a built module, or with --data of a data set.") { assembly, data, name, version, samples, folder };
        common.Handle(command, (parsed, session) =>
        {
            var request = new PackRequest
            {
                Name = parsed.GetRequiredValue(name),
                Version = parsed.GetRequiredValue(version),
                Assembly = parsed.GetValue(assembly),
                DataFile = parsed.GetValue(data),
                Samples = parsed.GetValue(samples) is { } from ? SamplesIn(from) : [],
            };
            return Task.FromResult(Pack(request, parsed.GetRequiredValue(folder), session));
        });
        return command;
    }

    // As the module's build finds them.
    static string[] SamplesIn(string folder) => [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)];

    static int Pack(PackRequest request, string folder, Session session)
    {
        var result = ModulePacker.Pack(request);
        if (result.Package is not { } package) throw new OpsException(Refusal(request, result.Findings));
        var path = Path.Combine(folder, PackageLayout.FileName(request.Name, request.Version));
        try
        {
            Write(path, package);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OpsException(LocalProblems.CannotWrite(path, failure), failure);
        }
        var receipt = new PackageReceipt(request.Name, request.Version, Convert.ToHexStringLower(SHA256.HashData(package)), package.Length, Created: true);
        session.Print(receipt, OpsJson.Lenient.PackageReceipt, packed => PackagesScreen.Packed(packed, path));
        return ExitCode.Done;
    }

    // A host that watches the folder must never see half a package.
    static void Write(string path, byte[] package)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var part = path + ".part";
        File.WriteAllBytes(part, package);
        File.Move(part, path, overwrite: true);
    }

    static Problem Refusal(PackRequest request, IReadOnlyList<Finding> findings) => new()
    {
        Title = "Not packed",
        Status = 0,
        Detail = $"{request.Assembly ?? request.DataFile} is not packed: {FindingsScreen.Count(findings)}.",
        Code = ErrorCodes.BadPackage,
        Ran = Ran.No,
        Next = "mend what was found, build, and pack again",
        Findings = findings,
    };
}
