using System.Runtime.CompilerServices;
using Evergrain.Contracts;

namespace Evergrain.Gateway.Socket;

/// <summary>A call whose reply was not there at once. Used again and again by its session, so that waiting allocates nothing.</summary>
internal sealed class InFlightCall
{
    readonly Session session;
    readonly Action completed;
    ValueTaskAwaiter<CallReply> reply;

    public InFlightCall(Session session)
    {
        this.session = session;
        completed = Complete;
    }

    public long Id { get; private set; }

    public void Wait(long id, ValueTask<CallReply> pending)
    {
        Id = id;
        reply = pending.GetAwaiter();
        reply.UnsafeOnCompleted(completed);
    }

    void Complete()
    {
        var (id, awaited) = (Id, reply);
        reply = default;
        CallReply result;
        try
        {
            result = awaited.GetResult();
        }
        catch (Exception exception)
        {
            result = session.CallerThrew(exception);
        }
        session.Replied(this, id, result);
    }
}
