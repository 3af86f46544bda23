using Evergrain.Contracts;

namespace Evergrain.CrashPoints.Play;

/// <summary>What became of a call, as its caller knows.</summary>
internal enum DeedEnd
{
    /// <summary>Nobody answered: it ran or did not.</summary>
    Unanswered,

    /// <summary>It was acknowledged.</summary>
    Done,

    /// <summary>It was answered that it changed nothing.</summary>
    Refused,
}

/// <summary>One call that changes something.</summary>
/// <param name="Id">In the state of every entity that it changed; what follows from it elsewhere is called <c>Id&gt;</c>.</param>
/// <param name="To">The purse that gets gold of it; null when none does.</param>
/// <param name="Gold">What moves, or comes into being.</param>
internal sealed record Deed(string Id, int Player, EntityId Entity, string Operation, ReadOnlyMemory<byte> Arguments, string? To, long Gold)
{
    int asked;

    /// <summary>Its idempotency key: sent again under it, it runs once.</summary>
    public Guid Key { get; } = Guid.CreateVersion7();

    public DeedEnd End { get; private set; }

    /// <summary>When the caller had the answer.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>The number of the host that answered.</summary>
    public int By { get; private set; }

    /// <summary>What the purse of <see cref="To"/> writes down.</summary>
    public string Following => $"{Id}>";

    public bool MakesGold => Operation is Game.Mint or Game.Gift or Game.Sell;

    /// <returns>The answer leaves nothing open.</returns>
    public bool Answered(CallReply reply, int host)
    {
        var again = asked++ > 0;
        if (!reply.Ok && reply.Error!.Code != ErrorCodes.Rejected)
        {
            // That this try did not run says nothing of the one before; and of a connection that was lost nothing is known.
            if (again || reply.Error.Ran != Ran.No || reply.Error.Code == ErrorCodes.ConnectionLost) return false;
        }
        (End, At, By) = (reply.Ok ? DeedEnd.Done : DeedEnd.Refused, DateTimeOffset.UtcNow, host);
        return true;
    }

    public override string ToString() => $"{Operation} {Id} of {Entity}, {End}";
}
