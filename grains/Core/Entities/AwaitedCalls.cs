using System.Collections.Immutable;
using Evergrain.Contracts;

namespace Evergrain.Core.Entities;

/// <summary>The calls that one turn has made and awaits. Looked at from any thread.</summary>
internal sealed class AwaitedCalls
{
    ImmutableList<EntityId> waitsFor = [];
    int count;
    bool stands;

    /// <summary>The one that it has awaited longest.</summary>
    public EntityId? First => Volatile.Read(ref waitsFor) is [var first, ..] ? first : null;

    /// <summary>One that it awaited, or still awaits, may stand although the turn fails.</summary>
    public bool MayStand
    {
        get
        {
            // A call says that it is there before it looks at the turn's seal, and that it stands before it is there no more: here it is the other way round.
            Interlocked.MemoryBarrier();
            return !Volatile.Read(ref waitsFor).IsEmpty || Volatile.Read(ref stands);
        }
    }

    /// <summary>The answer is its ordinal in the turn, from 1.</summary>
    public int Begin(EntityId to)
    {
        Volatile.Write(ref waitsFor, waitsFor.Add(to));
        Interlocked.MemoryBarrier();
        return ++count;
    }

    /// <summary>It never left.</summary>
    public void Withdraw(EntityId to) => Volatile.Write(ref waitsFor, waitsFor.Remove(to));

    public void End(EntityId to, bool stands)
    {
        if (stands) Volatile.Write(ref this.stands, true);
        Withdraw(to);
    }
}
