namespace Evergrain.Runtime;

/// <summary>The port to the garbage collector.</summary>
public interface ICollector
{
    /// <summary>Completes when a collection of the oldest generation has ended after the call. Does not stop the process meanwhile.</summary>
    Task Collect(CancellationToken cancellation);
}
