using System.Runtime.InteropServices;

namespace Evergrain.Host;

/// <summary>Ctrl+C, SIGTERM and SIGQUIT: the first asks for an orderly end, the next ends the process at once. Each step of an orderly end has
/// its own bound.</summary>
internal sealed class EndSignals : IDisposable
{
    readonly CancellationTokenSource end = new();
    readonly PosixSignalRegistration[] registrations;

    public EndSignals() =>
        registrations = [.. ((PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT]).Select(signal => PosixSignalRegistration.Create(signal, Hear))];

    public CancellationToken Token => end.Token;

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        end.Dispose();
    }

    // What is not cancelled here does what the system does with it: it ends the process.
    void Hear(PosixSignalContext context)
    {
        if (end.IsCancellationRequested) return;
        context.Cancel = true;
        _ = end.CancelAsync();
    }
}
