using System.CommandLine;
using Evergrain.Cli.Ops;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain backup --out FILE</c>: the whole store as of one moment, while the game goes on.</summary>
internal static class BackupCommand
{
    static readonly TimeSpan Long = TimeSpan.FromHours(1);

    public static Command Create(CommonOptions common)
    {
        var file = new Option<string>("--out") { Description = "The file to write; it must not be there yet.", HelpName = "FILE", Required = true };
        file.Validators.Add(result =>
        {
            if (result.Tokens is [var only] && Path.Exists(only.Value)) result.AddError($"--out: '{only.Value}' is there already.");
        });
        var command = new Command("backup", "Copy the whole store to a file: entities with their secrets, releases, packages. A host started with --data FILE --new-incarnation restores it.") { file };
        common.Handle(command, (parsed, session) => Write(parsed.GetRequiredValue(file), session));
        return command;
    }

    // Under another name until it is whole and on the disk, so that nobody takes half a backup for one.
    static async Task<int> Write(string file, Session session)
    {
        var unfinished = $"{file}.part";
        using var patience = session.Patience(Long);
        long bytes;
        try
        {
            await using (var to = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
            {
                bytes = await session.Ops.Backup(to, patience);
                to.Flush(flushToDisk: true);
            }
            File.Move(unfinished, file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OpsException(LocalProblems.CannotWrite(file, failure), failure);
        }
        Console.Out.WriteLine(session.Json ? $$"""{"bytes":{{bytes}}}""" : $"{bytes} bytes in {file}");
        return ExitCode.Done;
    }
}
