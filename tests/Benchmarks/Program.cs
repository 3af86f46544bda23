using Evergrain.Benchmarks.Harness;
using Evergrain.Benchmarks.Socket;

return args is [SocketServer.Command, .. var server]
    ? await SocketServer.Run(server)
    : await BenchmarkCommand.Run(args);
