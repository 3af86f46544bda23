using Evergrain.Benchmarks.Harness;
using Evergrain.Benchmarks.Rollouts;
using Evergrain.Benchmarks.Simulated;
using Evergrain.Benchmarks.Socket;

return args switch
{
    [SocketServer.Command, .. var server] => await SocketServer.Run(server),
    [LoaderHeaps.Command, var process] => LoaderHeaps.Serve(process),
    [SimulatorRuns.Command, var rounds, var runs, var warmUp] => SimulatorRuns.Play(rounds, runs, warmUp),
    _ => await BenchmarkCommand.Run(args),
};
