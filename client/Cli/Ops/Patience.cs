namespace Evergrain.Cli.Ops;

/// <summary>How long one command, or one refresh of it, may take: until the time is up or somebody interrupts.</summary>
internal sealed class Patience : IDisposable
{
    readonly CancellationToken _interruption;
    readonly CancellationTokenSource _time;
    readonly CancellationTokenSource _both;

    public Patience(TimeSpan timeout, TimeProvider time, CancellationToken interruption)
    {
        Timeout = timeout;
        _interruption = interruption;
        _time = new CancellationTokenSource(timeout, time);
        _both = CancellationTokenSource.CreateLinkedTokenSource(_time.Token, interruption);
    }

    public TimeSpan Timeout { get; }
    public CancellationToken Token => _both.Token;
    public bool WasInterrupted => _interruption.IsCancellationRequested;

    public void Dispose()
    {
        _both.Dispose();
        _time.Dispose();
    }
}
