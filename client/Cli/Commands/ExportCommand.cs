using System.CommandLine;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain export --out FILE</c>: every stored entity as one line of JSON.</summary>
internal static class ExportCommand
{
    static readonly TimeSpan Long = TimeSpan.FromHours(1);

    public static Command Create(CommonOptions common)
    {
        var file = new Option<string>("--out") { Description = "The file to write; it must not be there yet.", HelpName = "FILE", Required = true };
        file.Validators.Add(result =>
        {
            if (result.Tokens is [var only] && Path.Exists(only.Value)) result.AddError($"--out: '{only.Value}' is there already.");
        });
        var kind = new Option<string?>("--kind") { Description = "Only this kind.", HelpName = "KIND", CustomParser = Arguments.Kind };
        var command = new Command("export", "Write the stored entities to a file, one JSON document on each line. It holds their secrets.") { file, kind };
        common.Handle(command, (parsed, session) => Write(parsed.GetRequiredValue(file), parsed.GetValue(kind), session));
        return command;
    }

    // Under another name until it is whole, so that nobody takes half an export for one.
    static async Task<int> Write(string file, string? kind, Session session)
    {
        var unfinished = $"{file}.part";
        using var patience = session.Patience(Long);
        var (count, unreadable) = (0L, new List<EntityId>());
        try
        {
            await using (var to = new StreamWriter(unfinished) { NewLine = "\n" })
            {
                EntityId? after = null;
                do
                {
                    var page = await session.Ops.Export(kind, after, patience);
                    foreach (var line in page.Lines) await to.WriteLineAsync(line);
                    (count, after) = (count + page.Lines.Count, page.Next);
                    unreadable.AddRange(page.Unreadable);
                }
                while (after is not null);
            }
            File.Move(unfinished, file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new Ops.OpsException(LocalProblems.CannotWrite(file, failure), failure);
        }
        foreach (var id in unreadable.Take(StateReport.MaxExamples)) Console.Error.WriteLine($"{id}: its record cannot be read; it is not in the export");
        Console.Out.WriteLine(session.Json ? $$"""{"entities":{{count}},"unreadable":{{unreadable.Count}},"file":{{System.Text.Json.JsonSerializer.Serialize(file, Ops.OpsJson.Lenient.String)}}}""" : $"{count} entities in {file}");
        return unreadable.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
