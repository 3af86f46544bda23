using Evergrain.Contracts;
using Evergrain.Core.Rollouts;

namespace Evergrain.Embedded.Tests.World;

/// <summary>The direct network, with a step between two silos, and silos that a test keeps in the dark.</summary>
internal sealed class WatchedNetwork(OneThread thread) : ISiloNetwork
{
    readonly DirectNetwork direct = new();

    /// <summary>Hints to these silos are lost.</summary>
    public HashSet<string> Deaf { get; } = [];

    /// <summary>Views of the membership to these silos are lost.</summary>
    public HashSet<EmbeddedSilo> Uninformed { get; } = [];

    /// <summary>Calls with a key, hints, reports, releases and views come twice.</summary>
    public bool Doubles { get; set; }

    /// <summary>What the network answers instead of the silo, which hears nothing of the call; null: it goes through.</summary>
    public Func<EmbeddedSilo?, EmbeddedSilo, CallRequest, CallReply?> Answers { get; set; } = static (_, _, _) => null;

    /// <summary>Whether the answer to a call that ran is lost.</summary>
    public Func<EmbeddedSilo?, EmbeddedSilo, CallRequest, bool> LosesAnswer { get; set; } = static (_, _, _) => false;

    /// <summary>Whether a release that is asked for of this silo is lost.</summary>
    public Func<EmbeddedSilo, bool> LosesRelease { get; set; } = static _ => false;

    public async ValueTask<CallReply> Call(EmbeddedSilo? from, EmbeddedSilo to, CallRequest request)
    {
        thread.Check("Call");
        await thread.Step();
        if (Answers(from, to, request) is { } lost) return lost;
        // The answer of one copy is enough.
        if (Doubles && request.Key is not null) _ = Copy(from, to, request);
        var reply = await direct.Call(from, to, request);
        await thread.Step();
        return LosesAnswer(from, to, request) ? Lost(to, Ran.Unknown) : reply;
    }

    public async Task Report(EmbeddedSilo from, EmbeddedSilo to, SiloReport report)
    {
        thread.Check("Report");
        await thread.Step();
        await direct.Report(from, to, report);
        if (Doubles) await direct.Report(from, to, report);
    }

    public void Hint(EmbeddedSilo from, EmbeddedSilo to)
    {
        thread.Check("Hint");
        if (Deaf.Contains(to.Id)) return;
        for (var copies = Doubles ? 2 : 1; copies > 0; copies--) direct.Hint(from, to);
    }

    public async ValueTask Release(EmbeddedSilo from, EmbeddedSilo to, EntityId id, CancellationToken cancellation)
    {
        thread.Check("Release");
        await thread.Step();
        if (LosesRelease(to)) await Task.Delay(Timeout.Infinite, cancellation);
        if (Doubles) _ = direct.Release(from, to, id, cancellation).AsTask();
        await direct.Release(from, to, id, cancellation);
    }

    public void Members(EmbeddedSilo to, MembershipView view)
    {
        thread.Check("Members");
        if (Uninformed.Contains(to)) return;
        for (var copies = Doubles ? 2 : 1; copies > 0; copies--) direct.Members(to, view);
    }

    public static CallReply Lost(EmbeddedSilo to, Ran ran) => CallReply.Failed(new CallError(ErrorCodes.SiloLost, ran, $"The network lost what {to.Id} was asked or answered.", "Try again with the same key."));

    async Task Copy(EmbeddedSilo? from, EmbeddedSilo to, CallRequest request)
    {
        await thread.Step();
        await direct.Call(from, to, request);
    }
}
