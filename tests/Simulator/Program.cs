using System.CommandLine;
using Evergrain.Simulator.Runs;

var seed = new Option<int>("--seed") { Description = "Which histories are searched. The same seed is the same histories, on every machine.", DefaultValueFactory = _ => 1 };
var runs = new Option<int>("--runs") { Description = "How many.", DefaultValueFactory = _ => 100 };
var run = new Option<int?>("--run") { Description = "Replays this one, and shows it." };
var jobs = new Option<int>("--jobs") { Description = "How many run beside each other.", DefaultValueFactory = _ => Environment.ProcessorCount };
var command = new RootCommand("Runs the whole cluster on simulated time under every fault, and checks what Evergrain promises.") { seed, runs, run, jobs };
command.SetAction(parsed => Search.Run(parsed.GetValue(seed), parsed.GetValue(runs), parsed.GetValue(run), parsed.GetValue(jobs), Console.Out));
return command.Parse(args).Invoke();
