using System.Runtime.InteropServices;

namespace Evergrain.Host;

/// <summary>Ctrl+C, SIGTERM and SIGQUIT: the first asks for an orderly end, the next ends the process at once. Each step of an orderly end has
/// its own bound. A file that grew as far as it may (SIGXFSZ) is no end: who writes it gets an error.</summary>
internal sealed class EndSignals : IDisposable
{
    const PosixSignal FileTooLarge = (PosixSignal)25; // on Linux and macOS
    readonly CancellationTokenSource end = new();
    readonly List<PosixSignalRegistration> registrations;

    public EndSignals()
    {
        registrations = [.. ((PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT]).Select(signal => PosixSignalRegistration.Create(signal, Hear))];
        if (!OperatingSystem.IsWindows()) registrations.Add(PosixSignalRegistration.Create(FileTooLarge, context => context.Cancel = true));
    }

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
