return await Evergrain.CrashPoints.CommandLine.Run(args, Console.Out, Console.Error);
