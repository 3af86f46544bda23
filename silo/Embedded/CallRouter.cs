using Evergrain.Contracts;
using Evergrain.Core.Entities;

namespace Evergrain.Embedded;

/// <summary>Sends calls to where their entities live, as the sender sees it. Safe from any thread.</summary>
/// <param name="from">Null for the doors.</param>
/// <param name="ended">True once the sender sends nothing again.</param>
internal sealed class CallRouter(EmbeddedSilo? from, Func<MembershipView> view, ISiloNetwork network, TimeProvider time, Func<bool> ended)
{
    // Between two looks for the silo that serves an entity whose silo just joined, left or died, or is behind its caller.
    static readonly TimeSpan FirstReroute = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan LongestReroute = TimeSpan.FromMilliseconds(160);

    public ValueTask<CallReply> Call(CallRequest request)
    {
        var call = Send(request);
        return call.IsCompletedSuccessfully && !MayGoElsewhere(call.Result) ? call : Await(request, call);
    }

    // A call that provably did not start is sent to where the entity lives now, until its deadline.
    async ValueTask<CallReply> Await(CallRequest request, ValueTask<CallReply> call)
    {
        var timed = request.Deadline is null ? request with { Deadline = time.GetUtcNow() + CallRequest.DefaultDeadline } : request;
        for (var pause = FirstReroute; ; pause = pause * 2 < LongestReroute ? pause * 2 : LongestReroute)
        {
            var reply = await call;
            if (!MayGoElsewhere(reply) || ended() || time.GetUtcNow() + pause >= timed.Deadline) return reply;
            await Task.Delay(pause, time);
            call = Send(timed);
        }
    }

    ValueTask<CallReply> Send(CallRequest request) =>
        view().Placement.Owner(request.Entity) is { } owner ? network.Call(from, owner, request) : new(NoSilo());

    static bool MayGoElsewhere(CallReply reply) => reply.Error is { Ran: Ran.No, Code: ErrorCodes.SiloNotReady or ErrorCodes.SiloLost };

    static CallReply NoSilo() => CallReply.Failed(new CallError(ErrorCodes.SiloNotReady, Ran.No, "No silo serves.", "Try again once a silo has joined.") { RetryAfterMs = 500 });
}
