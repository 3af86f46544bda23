using Evergrain.Runtime;

namespace Evergrain.Embedded.Tests.World;

/// <summary>There is nothing to collect where there are no load contexts.</summary>
internal sealed class NoCollector : ICollector
{
    public Task Collect(CancellationToken cancellation) => Task.CompletedTask;
}
