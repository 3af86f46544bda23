using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Evergrain.Contracts.Ops;

namespace Evergrain.Embedded;

/// <summary>Tells operators who listen what happens. Each has a bounded queue, which drops the oldest. Safe from any thread.</summary>
internal sealed class OpsEventHub
{
    const int Queue = 256;
    ImmutableArray<Channel<OpsEvent>> listeners = [];

    public void Tell(OpsEvent happened)
    {
        foreach (var listener in listeners) listener.Writer.TryWrite(happened);
    }

    public async IAsyncEnumerable<OpsEvent> Listen([EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<OpsEvent>(new BoundedChannelOptions(Queue) { FullMode = BoundedChannelFullMode.DropOldest });
        ImmutableInterlocked.Update(ref listeners, static (all, added) => all.Add(added), channel);
        try
        {
            await foreach (var happened in channel.Reader.ReadAllAsync(cancellation)) yield return happened;
        }
        finally
        {
            ImmutableInterlocked.Update(ref listeners, static (all, gone) => all.Remove(gone), channel);
        }
    }
}
