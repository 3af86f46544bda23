using System.CommandLine;
using System.CommandLine.Help;
using Evergrain.Cli.Commands;
using Evergrain.Cli.Screens;

namespace Evergrain.Cli;

/// <summary>The whole command line. A new command is one file in Commands and one line here.</summary>
internal static class EvergrainCommand
{
    public static RootCommand Create(CommonOptions common)
    {
        var root = new RootCommand("The ops client of Evergrain: publish modules, roll them out to a running game, look at it, take them back.")
        {
            common.Server,
            common.Output,
            common.Timeout,

            PackCommand.Create(common),
            PublishCommand.Create(common),
            PackagesCommand.Create(common),
            RolloutCommand.Create(common),
            UndoCommand.Create(common),
            HistoryCommand.Create(common),
            StatusCommand.Create(common),
            EntitiesCommand.Create(common),
            StateCommand.Create(common),
            ExportCommand.Create(common),
            ImportCommand.Create(common),
            BackupCommand.Create(common),
            BotsCommand.Create(common),
        };
        ShowExitCodesIn(root);
        return root;
    }

    static void ShowExitCodesIn(RootCommand root)
    {
        foreach (var option in root.Options)
            if (option is HelpOption { Action: HelpAction help } helpOption) helpOption.Action = new HelpScreen(help);
    }
}
