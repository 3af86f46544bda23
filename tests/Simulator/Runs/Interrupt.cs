namespace Evergrain.Simulator.Runs;

/// <summary>Ctrl-C, or the system's word to end: the first asks politely, the second ends the process.</summary>
internal sealed class Interrupt : IDisposable
{
    readonly CancellationTokenSource asked = new();
    readonly System.Runtime.InteropServices.PosixSignalRegistration[] signals;

    public Interrupt() => signals = [Listen(System.Runtime.InteropServices.PosixSignal.SIGINT), Listen(System.Runtime.InteropServices.PosixSignal.SIGTERM)];

    public CancellationToken Token => asked.Token;

    public void Dispose()
    {
        foreach (var signal in signals) signal.Dispose();
        asked.Dispose();
    }

    System.Runtime.InteropServices.PosixSignalRegistration Listen(System.Runtime.InteropServices.PosixSignal signal) =>
        System.Runtime.InteropServices.PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = !asked.IsCancellationRequested;
            asked.Cancel();
        });
}
