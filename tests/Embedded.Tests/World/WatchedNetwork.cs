using Evergrain.Contracts;
using Evergrain.Core.Rollouts;

namespace Evergrain.Embedded.Tests.World;

/// <summary>The direct network, with a step between two silos, and silos that a test keeps in the dark.</summary>
internal sealed class WatchedNetwork(OneThread thread) : ISiloNetwork
{
    readonly DirectNetwork direct = new();

    /// <summary>Hints to these silos are lost.</summary>
    public HashSet<string> Deaf { get; } = [];

    public async ValueTask<CallReply> Call(EmbeddedSilo? from, EmbeddedSilo to, CallRequest request)
    {
        thread.Check("Call");
        await thread.Step();
        var reply = await direct.Call(from, to, request);
        await thread.Step();
        return reply;
    }

    public async Task Report(EmbeddedSilo from, EmbeddedSilo to, SiloReport report)
    {
        thread.Check("Report");
        await thread.Step();
        await direct.Report(from, to, report);
    }

    public void Hint(EmbeddedSilo to)
    {
        thread.Check("Hint");
        if (!Deaf.Contains(to.Id)) direct.Hint(to);
    }

    public async ValueTask Release(EmbeddedSilo from, EmbeddedSilo to, EntityId id, CancellationToken cancellation)
    {
        thread.Check("Release");
        await thread.Step();
        await direct.Release(from, to, id, cancellation);
    }
}
