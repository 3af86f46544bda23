return Evergrain.Simulator.CommandLine.Run(args, Console.Out, Console.Error);
