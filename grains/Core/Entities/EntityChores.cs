using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;

namespace Evergrain.Core.Entities;

/// <summary>What an entity does in its gate beside calls.</summary>
internal static class EntityChores
{
    // Until frames that could not run are tried again: their entity was not brought to the serving table, or a port failed.
    static readonly TimeSpan FramesRetry = TimeSpan.FromMilliseconds(250);

    /// <summary>Never throws: who demanded a chore does not wait for it. Whatever happens, the clock of an entity that stays calls it again.</summary>
    public static ValueTask Do(EntityActivation activation, Chores chores)
    {
        if (activation.IsGone) return default;
        if (activation.Silo.IsDead)
        {
            activation.Retire();
            return default;
        }
        try
        {
            var doing = chores == Chores.Frames && ReferenceEquals(activation.Silo.Runtime.Table, activation.Table) && activation.State is not null
                ? FrameTurns.RunDue(activation)
                : DoAll(activation, chores);
            if (!doing.IsCompletedSuccessfully) return Logged(activation, doing);
        }
        catch (Exception thrown)
        {
            Log(activation, thrown);
        }
        KeepClock(activation);
        return default;
    }

    static async ValueTask Logged(EntityActivation activation, ValueTask doing)
    {
        try
        {
            await doing;
        }
        catch (Exception thrown)
        {
            Log(activation, thrown);
        }
        KeepClock(activation);
    }

    // Frames that ran have set it: then there is nothing to do.
    static void KeepClock(EntityActivation activation)
    {
        if (Volatile.Read(ref activation.ClockDue) == 0) activation.Silo.Clock.Ensure(activation, activation.Silo.Time.GetUtcNow() + FramesRetry);
    }

    static void Log(EntityActivation activation, Exception thrown)
    {
        if (activation.Running is { } turn) activation.End(turn);
        activation.Silo.Log.Turn(TurnLogLevel.Error, activation.Id, "chores", default, activation.Silo.Epoch, thrown.ToString());
    }

    static async ValueTask DoAll(EntityActivation activation, Chores chores)
    {
        if (chores.HasFlag(Chores.Reconcile) || chores.HasFlag(Chores.Frames))
            if (await EntityReadiness.MakeReady(activation) is not null) chores &= ~Chores.Frames;
        if (!activation.IsGone && chores.HasFlag(Chores.Frames)) await FrameTurns.RunDue(activation);
        if (!activation.IsGone && chores.HasFlag(Chores.Settle)) activation.Outbox?.Settle();
        if (!activation.IsGone && chores.HasFlag(Chores.Write)) await Write(activation);
        if (!activation.IsGone && chores.HasFlag(Chores.DeactivateIdle) && IsIdle(activation)) await EntityLife.Deactivate(activation);
        if (!activation.IsGone && (chores.HasFlag(Chores.Evict) || activation.Leaving)) await Evict(activation);
    }

    static async ValueTask Write(EntityActivation activation)
    {
        activation.MarkClean();
        if (activation.State is not { } state || !state.Created && activation.Stored is null) return;
        if (activation.IsStored || await EntityWriting.Write(activation, state, Ran.No) is null) activation.Outbox?.Written();
        else if (!activation.IsGone) activation.MarkDirty();
    }

    // One that cannot be written stays, and leaves with the first round of writes that succeeds.
    static async ValueTask Evict(EntityActivation activation)
    {
        activation.Leaving = true;
        if (!await EntityLife.Deactivate(activation)) activation.MarkDirty();
    }

    /// <summary>A look from outside the gate, so that few entities are asked to leave in vain.</summary>
    public static bool MayBeIdle(EntityActivation activation) =>
        activation.Slices is not { } slices || activation.Silo.Time.GetUtcNow().UtcTicks - Volatile.Read(ref activation.LastUsed) >= slices.Options.IdleAfter.Ticks;

    static bool IsIdle(EntityActivation activation) => activation.State is not { } state
        || MayBeIdle(activation) && !state.Frames.Running && state.Extras.Schedule.Count == 0 && state.Extras.Outbox.Count == 0 && (activation.Work?.Count ?? 0) == 0
            && (state.Created || MayGo(activation, state));

    // What was destroyed stays until nothing needs to be remembered of it, so that its record can go too.
    static bool MayGo(EntityActivation activation, EntityState state) => activation.Stored is null
        || state.Extras.Window.Prune(activation.Silo.Time.GetUtcNow()).Count == 0
        || activation.Silo.Time.GetUtcNow().UtcTicks - Volatile.Read(ref activation.LastUsed) >= IdempotencyWindow.KeptFor.Ticks;
}
