using System.Net.WebSockets;
using Evergrain.Contracts;

namespace Evergrain.Client;

/// <summary>Everything that waits for a reply. A request leaves it exactly once: answered, given up, or lost for good.</summary>
internal sealed class CallTable(GameSocketOptions options, SocketWriter writer)
{
    const int MaxSpare = 256;

    readonly Lock gate = new();
    readonly Dictionary<long, PendingCall> pending = [];
    readonly Stack<PendingCall> spare = [];
    readonly IdempotencyKeys keys = new(options.Time, options.Random ?? new Random());
    long lastId;
    long highestEpoch;
    CallError? closed;

    public long HighestEpoch => Volatile.Read(ref highestEpoch);

    public int Count
    {
        get { lock (gate) return pending.Count; }
    }

    public ValueTask<CallReply> Call(EntityId entity, string operation, ReadOnlySpan<byte> arguments, CallOptions? call)
    {
        bool write;
        ValueTask<CallReply> task;
        lock (gate)
        {
            if (closed is not null) return new ValueTask<CallReply>(CallReply.Failed(closed));
            var key = call?.Key ?? (options.Keys ? keys.Next() : null);
            var deadline = call?.Deadline ?? options.Deadline;
            var id = ++lastId;
            var message = ClientMessages.Call(id, entity, operation, arguments, call?.Raw ?? false, key, call?.Epoch ?? highestEpoch, deadline);
            (task, write) = Add(id, message, repeatable: key is not null, deadline ?? CallRequest.DefaultDeadline);
        }
        if (write) writer.Write();
        return task;
    }

    /// <summary>Sends a request that is no call.</summary>
    public ValueTask<CallReply> Ask(Func<long, OutgoingMessage> encode)
    {
        bool write;
        ValueTask<CallReply> task;
        lock (gate)
        {
            if (closed is not null) return new ValueTask<CallReply>(CallReply.Failed(closed));
            var id = ++lastId;
            (task, write) = Add(id, encode(id), repeatable: true, CallRequest.DefaultDeadline);
        }
        if (write) writer.Write();
        return task;
    }

    /// <returns>False when nothing waits for it: it was answered before, or given up.</returns>
    public bool Answer(long id, CallReply reply)
    {
        PendingCall? call;
        lock (gate)
        {
            // What was seen is of another life of the store: the call that hears so fails, without having run, and those after it go on from here.
            if (reply.Epoch > highestEpoch || reply.Error is { Code: ErrorCodes.EpochUnknown }) Volatile.Write(ref highestEpoch, reply.Epoch);
            if (!pending.Remove(id, out call)) return false;
        }
        End(call, reply);
        return true;
    }

    public void Saw(long epoch)
    {
        lock (gate) Volatile.Write(ref highestEpoch, Math.Max(highestEpoch, epoch));
    }

    /// <summary>A connection is open: from now on requests go out at once. Those that wait, and that the server does not still run, are sent, in order.</summary>
    public void Open(WebSocket socket, HashSet<long>? stillRunning)
    {
        var lost = new List<PendingCall>();
        var write = false;
        lock (gate)
        {
            writer.Attach(socket);
            foreach (var call in pending.Values.OrderBy(c => c.Id).ToList())
            {
                if (call.Sent > 0 && stillRunning?.Contains(call.Id) is true) continue;
                if (call.Sent > 0 && (!call.Repeatable || call.Sent > options.Resends))
                {
                    pending.Remove(call.Id);
                    lost.Add(call);
                }
                else write |= Send(call);
            }
        }
        if (write) writer.Write();
        foreach (var call in lost) End(call, Lost(call));
    }

    /// <summary>Gives up what has waited past its deadline and the patience.</summary>
    public void GiveUp()
    {
        List<PendingCall>? late = null;
        lock (gate)
        {
            foreach (var call in pending.Values)
                if (options.Time.GetElapsedTime(call.StartedAt) > call.GivenUpAfter) (late ??= []).Add(call);
            foreach (var call in late ?? []) pending.Remove(call.Id);
        }
        foreach (var call in late ?? [])
            End(call, CallReply.Failed(new CallError(ErrorCodes.Deadline, call.Sent > 0 ? Ran.Unknown : Ran.No,
                "No reply came before the deadline.", "Send it again with the same key."), HighestEpoch));
    }

    /// <summary>There will be no further connection.</summary>
    public void Close(CallError why)
    {
        List<PendingCall> lost;
        lock (gate)
        {
            closed ??= why;
            lost = [.. pending.Values];
            pending.Clear();
        }
        foreach (var call in lost) End(call, Lost(call));
    }

    public void Spare(PendingCall call)
    {
        lock (gate)
            if (spare.Count < MaxSpare) spare.Push(call);
    }

    (ValueTask<CallReply> Task, bool Write) Add(long id, OutgoingMessage message, bool repeatable, TimeSpan deadline)
    {
        if (!spare.TryPop(out var call)) call = new PendingCall(this, options.InlineCompletions);
        (call.Id, call.Message, call.Repeatable, call.Sent) = (id, message, repeatable, 0);
        (call.StartedAt, call.GivenUpAfter) = (options.Time.GetTimestamp(), deadline + options.Patience);
        pending.Add(id, call);
        return (call.Task, Send(call));
    }

    bool Send(PendingCall call)
    {
        if (writer.TryQueue(call.Message, out var write)) call.Sent++;
        return write;
    }

    static void End(PendingCall call, CallReply reply)
    {
        call.Message.Release();
        call.Complete(reply);
    }

    CallReply Lost(PendingCall call) => CallReply.Failed(new CallError(ErrorCodes.ConnectionLost, call.Sent > 0 ? Ran.Unknown : Ran.No,
        "The connection was lost before the reply came.", call.Repeatable ? "Connect again and send it with the same key." : "Find out whether it ran before you send it again."), HighestEpoch);
}
