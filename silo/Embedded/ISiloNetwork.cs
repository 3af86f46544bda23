using Evergrain.Contracts;
using Evergrain.Core.Rollouts;

namespace Evergrain.Embedded;

/// <summary>What silos say to each other. Everything between two silos goes through here, so that a simulator can lose, delay, double and
/// reorder it. Safe from any thread.</summary>
public interface ISiloNetwork
{
    /// <param name="from">Null for a call from a door.</param>
    ValueTask<CallReply> Call(EmbeddedSilo? from, EmbeddedSilo to, CallRequest request);

    /// <summary>A silo's report to the version grain on another.</summary>
    Task Report(EmbeddedSilo from, EmbeddedSilo to, SiloReport report);

    /// <summary>The version grain's hint to look at the record.</summary>
    void Hint(EmbeddedSilo to);

    /// <summary>Completes once the entity is not active on that silo, or soon after the token was cancelled.</summary>
    ValueTask Release(EmbeddedSilo from, EmbeddedSilo to, EntityId id, CancellationToken cancellation);
}

/// <summary>Silos of one process: nothing is lost, unless a silo is dead.</summary>
public sealed class DirectNetwork : ISiloNetwork
{
    public ValueTask<CallReply> Call(EmbeddedSilo? from, EmbeddedSilo to, CallRequest request) => to.Receive(request);

    public Task Report(EmbeddedSilo from, EmbeddedSilo to, SiloReport report)
    {
        to.ReceiveReport(report);
        return Task.CompletedTask;
    }

    public void Hint(EmbeddedSilo to) => to.ReceiveHint();

    public ValueTask Release(EmbeddedSilo from, EmbeddedSilo to, EntityId id, CancellationToken cancellation) => to.ReceiveRelease(id, cancellation);
}
