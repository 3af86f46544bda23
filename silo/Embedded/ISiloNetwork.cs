using Evergrain.Contracts;
using Evergrain.Core.Rollouts;

namespace Evergrain.Embedded;

/// <summary>What silos say to each other, and what the membership says to them: everything between two silos goes through here. Safe from
/// any thread.</summary>
/// <remarks>An implementation may lose, delay and reorder anything. It may also double hints, reports, releases, views, and calls that carry
/// a key (<see cref="CallRequest.Key"/>) or are deliveries between entities; a call without a key it sends at most once. A call it answers
/// exactly once: when the request was lost, or may have been, with <see cref="Ran.No"/> only if it certainly never arrived, else with
/// <see cref="Ran.Unknown"/>; when the answer was lost, with <see cref="Ran.Unknown"/>; and it bounds the wait itself, for a silo that stands still
/// answers nothing. What it takes it need not carry out on the stack of whoever says it.</remarks>
public interface ISiloNetwork
{
    /// <summary>One call to an entity. Must not throw: what goes wrong is a typed error in the reply, <c>silo-lost</c> for what the network lost.</summary>
    /// <param name="from">Null for a call from a door.</param>
    ValueTask<CallReply> Call(EmbeddedSilo? from, EmbeddedSilo to, CallRequest request);

    /// <summary>A silo's report to the version grain on another. May throw, or never complete, when it is lost; the next look reports again.</summary>
    Task Report(EmbeddedSilo from, EmbeddedSilo to, SiloReport report);

    /// <summary>The version grain's hint to look at the record. Must neither block nor throw.</summary>
    void Hint(EmbeddedSilo from, EmbeddedSilo to);

    /// <summary>Completes once the entity is not active on that silo, or soon after the token was cancelled. May throw <see cref="TimeoutException"/>, or never
    /// complete, when it is lost: it is asked again for as long as the other silo is a member.</summary>
    ValueTask Release(EmbeddedSilo from, EmbeddedSilo to, EntityId id, CancellationToken cancellation);

    /// <summary>The membership as of now; an older view never replaces a newer one. Sent again while the silo is behind. Must neither block nor throw.</summary>
    void Members(EmbeddedSilo to, MembershipView view);
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

    public void Hint(EmbeddedSilo from, EmbeddedSilo to) => to.ReceiveHint();

    public ValueTask Release(EmbeddedSilo from, EmbeddedSilo to, EntityId id, CancellationToken cancellation) => to.ReceiveRelease(id, cancellation);

    public void Members(EmbeddedSilo to, MembershipView view) => to.ReceiveMembers(view);
}
