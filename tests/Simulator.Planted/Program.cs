using System.CommandLine;
using Evergrain.Simulator.Planted;
using Evergrain.Simulator.World;

var list = new Option<bool>("--list") { Description = "Says which bugs there are." };
var check = new Option<bool>("--check") { Description = "Replays the stored run of each bug." };
var all = new Option<bool>("--all") { Description = "Searches a run that catches, for each bug, and stores it." };
var only = new Option<string[]>("--only") { Description = "With --all: only these bugs.", AllowMultipleArgumentsPerToken = true };
var bug = new Option<string?>("--bug") { Description = "Searches a run that catches this bug, and does not store it." };
var seed = new Option<int>("--seed") { Description = "Which histories are searched.", DefaultValueFactory = _ => 1 };
var runs = new Option<int>("--runs") { Description = "How many at most.", DefaultValueFactory = _ => 10_000 };
var jobs = new Option<int>("--jobs") { Description = "How many run beside each other.", DefaultValueFactory = _ => Environment.ProcessorCount };
var command = new RootCommand("Plays the simulator with planted bugs, to see that the checkers catch them.") { list, check, all, only, bug, seed, runs, jobs };
command.SetAction(parsed =>
{
    // Made before any bug is on: all runs share them.
    _ = GamePackages.Store;
    if (parsed.GetValue(list)) return Commands.List(Console.Out);
    if (parsed.GetValue(check)) return Commands.Check(parsed.GetValue(jobs), Console.Out);
    var one = parsed.GetValue(bug);
    if (!parsed.GetValue(all) && one is null) return command.Parse("--help").Invoke();
    return Commands.Search(one is null ? parsed.GetValue(only) ?? [] : [one], parsed.GetValue(seed), parsed.GetValue(runs), parsed.GetValue(jobs), parsed.GetValue(all), Console.Out);
});
var name = new Argument<string>("bug") { Description = "Which bug is on." };
var simulate = new Command("simulate", "Is the simulator, with this bug on: what follows is for it, and its exit code is its own.") { name };
simulate.TreatUnmatchedTokensAsErrors = false;
simulate.SetAction(parsed => Commands.Simulate(parsed.GetRequiredValue(name), parsed.UnmatchedTokens, Console.Out, Console.Error));
command.Add(simulate);
return command.Parse(args).Invoke();
