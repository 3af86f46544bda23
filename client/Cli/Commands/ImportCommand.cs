using System.CommandLine;
using System.Text;
using Evergrain.Cli.Ops;
using Evergrain.Cli.Screens;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain import FILE</c>: the whole file is judged before any of it is applied; then it goes part by part. One that was broken off is run again:
/// what is there in the same state is left as it is.</summary>
internal static class ImportCommand
{
    const int MostLines = 500, MostCharacters = 8 << 20;
    static readonly TimeSpan Long = TimeSpan.FromHours(1);

    public static Command Create(CommonOptions common)
    {
        var file = new Argument<string>("FILE") { Description = "An export: one JSON document on each line." };
        file.Validators.Add(Arguments.CheckFiles);
        var existing = new Option<ExistingEntities>("--existing")
        {
            Description = "What to do with an entity that is there in another state: refuse the import, skip it, or replace it.",
            HelpName = "refuse|skip|replace",
            CustomParser = result =>
            {
                var text = result.Tokens[^1].Value;
                if (Enum.TryParse<ExistingEntities>(text, ignoreCase: true, out var value) && !char.IsAsciiDigit(text[0])) return value;
                result.AddError($"--existing is refuse, skip or replace, not '{text}'.");
                return default;
            },
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Judge the file and apply nothing." };
        var command = new Command("import", "Read entities from an export into the store. Everything is judged before anything is applied.") { file, existing, dryRun };
        common.Handle(command, async (parsed, session) =>
        {
            using var patience = session.Patience(Long);
            var (name, mode) = (parsed.GetRequiredValue(file), parsed.GetValue(existing));
            var judged = await Send(name, mode, dryRun: true, session, patience);
            if (judged.Findings.Count > 0) throw new OpsException(LocalProblems.BadImport(name, judged.Findings));
            var report = parsed.GetValue(dryRun) ? judged.Report : (await Send(name, mode, dryRun: false, session, patience)).Report;
            session.Print(report, OpsJson.Lenient.ImportReport, StateScreen.Of);
            return ExitCode.Done;
        });
        return command;
    }

    static async Task<(ImportReport Report, List<Finding> Findings)> Send(string file, ExistingEntities existing, bool dryRun, Session session, Patience patience)
    {
        var (total, findings) = (new ImportReport(0, 0, 0, 0), new List<Finding>());
        using var from = new StreamReader(file, Encoding.UTF8);
        for (var first = 1; await Part(from) is { Count: > 0 } lines; first += lines.Count)
        {
            try
            {
                var part = await session.Ops.Import(lines, new ImportRequest(existing, dryRun, first), patience);
                total = new ImportReport(total.Created + part.Created, total.Replaced + part.Replaced, total.Skipped + part.Skipped, total.Unchanged + part.Unchanged);
            }
            catch (OpsException refused) when (dryRun && refused.Problem is { Code: ErrorCodes.BadRequest, Findings.Count: > 0 })
            {
                findings.AddRange(refused.Problem.Findings!);
            }
        }
        return (total, findings);
    }

    static async Task<List<string>> Part(StreamReader from)
    {
        var (lines, characters) = (new List<string>(), 0);
        while (lines.Count < MostLines && characters < MostCharacters && await from.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            characters += line.Length;
        }
        return lines;
    }
}
