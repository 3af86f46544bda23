using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;

namespace Evergrain.Core.Entities;

/// <summary>Runs what is due on an entity's clock: scheduled entries by frame, priority and age, then the kind's frame handlers. What is
/// late runs frame after frame, up to the kind's bound. Past it a running clock is set back, so that no number is left out; one that stands
/// jumps to the present, where every late entry runs once or has expired.</summary>
internal static class FrameTurns
{
    public static ValueTask RunDue(EntityActivation activation)
    {
        // One look at the clock: what falls due meanwhile is the next call's.
        var now = activation.Silo.Time.GetUtcNow();
        for (var ran = 0; Next(activation, ran, now) is { } frame; ran++)
        {
            var running = RunFrame(activation, frame, now);
            if (!running.IsCompletedSuccessfully) return RunDueSlowly(activation, running, ran + 1);
        }
        activation.Silo.Clock.Ensure(activation);
        return default;
    }

    static async ValueTask RunDueSlowly(EntityActivation activation, ValueTask running, int ran)
    {
        await running;
        for (var now = activation.Silo.Time.GetUtcNow(); Next(activation, ran, now) is { } frame; ran++, now = activation.Silo.Time.GetUtcNow()) await RunFrame(activation, frame, now);
        activation.Silo.Clock.Ensure(activation);
    }

    /// <summary>UTC ticks at which the entity's clock has something to do; null when it has nothing.</summary>
    public static long? NextDue(EntityState state, int framesPerSecond)
    {
        if (state.Frames.Running) return state.Frames.DueTicks(state.Frames.Frame + 1, framesPerSecond);
        return FirstEntry(state) is { } first ? state.Frames.DueTicks(first, framesPerSecond) : null;
    }

    static long? FirstEntry(EntityState state)
    {
        if (state.Extras.Schedule.Count == 0) return null;
        long? first = null;
        foreach (var (_, entry) in state.Extras.Schedule)
            if (entry.Held is null && !(entry.DueFrame >= first)) first = entry.DueFrame;
        return first;
    }

    // The frame that is to run now; null when none is due, or when enough ran.
    static long? Next(EntityActivation activation, int ran, DateTimeOffset now)
    {
        if (activation.State is not { } state) return null;
        var options = activation.Slices!.Options;
        if (NextDue(state, options.FramesPerSecond) is not { } due || due > now.UtcTicks) return null;
        if (ran < options.CatchUpFrames) return state.Frames.Running ? state.Frames.Frame + 1 : Math.Max(state.Frames.Frame, FirstEntry(state)!.Value);
        if (!state.Frames.Running) return ran == options.CatchUpFrames ? state.Frames.At(now, options.FramesPerSecond) : null;
        activation.State = state with { Frames = state.Frames.SetBack(now, options.FramesPerSecond) };
        activation.Changed();
        return null;
    }

    static ValueTask RunFrame(EntityActivation activation, long frame, DateTimeOffset now)
    {
        var state = activation.State!;
        var silo = activation.Silo;
        var rate = activation.Slices!.Options.FramesPerSecond;
        var at = new DateTimeOffset(state.Frames.DueTicks(frame, rate), TimeSpan.Zero);
        Volatile.Write(ref activation.LastUsed, now.UtcTicks);
        silo.Instruments.FrameLate(activation.Id.Kind, now.UtcTicks - at.UtcTicks);
        activation.Changed();
        if (FirstEntry(state) <= frame)
        {
            Reach(activation, frame);
            return RunEntries(activation, frame, at);
        }
        try
        {
            return RunHandlers(activation, frame, at, now, 0);
        }
        finally
        {
            Reach(activation, frame);
        }
    }

    /// <summary>The entity's clock is at this frame, whatever comes of its turn. A turn that changes the entity takes the clock along, in one
    /// copy; this is for all others.</summary>
    public static void Reach(EntityActivation activation, long frame)
    {
        if (activation.State is { } state && state.Frames.Frame < frame)
            activation.State = state with { Frames = state.Frames.Advance(frame, activation.Slices!.Options.FramesPerSecond) };
    }

    static async ValueTask RunEntries(EntityActivation activation, long frame, DateTimeOffset at)
    {
        var due = activation.State!.Extras.Schedule.Values.Where(entry => entry.DueFrame <= frame && entry.Held is null)
            .OrderBy(entry => entry.DueFrame).ThenByDescending(entry => entry.Priority).ThenBy(entry => entry.Id).ToArray();
        foreach (var entry in due)
        {
            // An earlier entry of this frame may have cancelled it, or ended the entity.
            if (activation.State is not { } state) return;
            if (!state.Extras.Schedule.ContainsKey(entry.Id)) continue;
            TakeOff(activation, state, entry, frame);
            if (entry.ExpiresFrame < frame) activation.Silo.Log.EntryExpired(activation.Id, entry, frame);
            else await RunEntry(activation, entry, frame, at);
        }
        await RunHandlers(activation, frame, at, activation.Silo.Time.GetUtcNow(), 0);
    }

    // Before it runs: an entry that fails is not tried again, and one that repeats goes on.
    static void TakeOff(EntityActivation activation, EntityState state, ScheduleEntry entry, long frame)
    {
        var schedule = state.Extras.Schedule.Remove(entry.Id);
        if (entry.EveryFrames is { } every)
        {
            var missed = (frame - entry.DueFrame) / every;
            var next = entry.DueFrame + (missed + 1) * every;
            schedule = schedule.Add(entry.Id, entry with { DueFrame = next, ExpiresFrame = next + (entry.ExpiresFrame - entry.DueFrame) });
        }
        activation.State = state with { Extras = state.Extras with { Schedule = schedule } };
    }

    static async ValueTask RunEntry(EntityActivation activation, ScheduleEntry entry, long frame, DateTimeOffset at)
    {
        // Nobody waits for it, so it has no key and no chain; its caller is the entity itself.
        var request = new CallRequest { Entity = activation.Id, Operation = entry.Operation, Arguments = entry.Arguments, Caller = activation.Id.ToString() };
        // A fault of the module was told already, where the turn ended.
        if (await CallTurns.RunScheduled(activation, request, frame, at) is not { Error: { Code: not ErrorCodes.ModuleFault } error } reply) return;
        if (error.Code is ErrorCodes.UnknownOperation or ErrorCodes.BadArguments && HeldEntries.TryHold(activation, entry)) return;
        activation.Silo.Log.EntryFailed(activation.Id, entry, reply.Module, error);
    }

    static ValueTask RunHandlers(EntityActivation activation, long frame, DateTimeOffset at, DateTimeOffset now, int from)
    {
        for (var i = from; activation.State is { Frames.Running: true } && i < activation.Slices!.Count; i++)
        {
            if (activation.Slices.Routes[i].Definition.Frame is not { } handler) continue;
            var committing = RunHandler(activation, handler, i, frame, at, now);
            if (!committing.IsCompletedSuccessfully) return GoOn(activation, committing, frame, at, i + 1);
        }
        return default;
    }

    static async ValueTask GoOn(EntityActivation activation, ValueTask<CallError?> committing, long frame, DateTimeOffset at, int from)
    {
        await committing;
        await RunHandlers(activation, frame, at, activation.Silo.Time.GetUtcNow(), from);
    }

    static ValueTask<CallError?> RunHandler(EntityActivation activation, TurnHandler handler, int slice, long frame, DateTimeOffset at, DateTimeOffset now)
    {
        var start = new TurnStart("frame", at, now.UtcTicks, frame, null);
        var turn = new EntityTurn(activation, slice, start, activation.NextSeed()) { IsFrame = true };
        activation.Begin(turn);
        CallError? error = null;
        var outer = activation.Silo.Unawaited.Enter();
        try
        {
            handler.Invoke(turn);
        }
        catch (Exception thrown)
        {
            error = Errors.Of(thrown, "frame", turn.Awaited);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
        return error is null ? TurnCommit.Finish(activation, turn) : new(TurnCommit.Fail(activation, turn, error).Error);
    }
}
