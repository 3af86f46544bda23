using Evergrain.Benchmarks.Harness;
using Evergrain.Benchmarks.Rollouts;
using Evergrain.Benchmarks.Socket;

return args switch
{
    [SocketServer.Command, .. var server] => await SocketServer.Run(server),
    [LoaderHeaps.Command, var process] => LoaderHeaps.Serve(process),
    _ => await BenchmarkCommand.Run(args),
};
