using Evergrain.Benchmarks.Harness;
using Evergrain.Benchmarks.Rollouts;
using Evergrain.Benchmarks.Simulated;
using Evergrain.Benchmarks.Socket;
using Evergrain.Benchmarks.Stores;

return args switch
{
    [SocketServer.Command, .. var server] => await SocketServer.Run(server),
    [LoaderHeaps.Command, var process] => LoaderHeaps.Serve(process),
    [SimulatorRuns.Command, var rounds, var runs, var warmUp] => SimulatorRuns.Play(rounds, runs, warmUp),
    [CountedFlushes.Command, var folder, var seconds] => await CountedFlushes.Run(folder, seconds),
    _ => await BenchmarkCommand.Run(args),
};
