using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;

namespace Evergrain.Core.Entities;

/// <summary>Runs what is due on an entity's clock: scheduled entries by frame, priority and age, then the kind's frame handlers. Frames that
/// are late run one after another, up to the kind's bound; past it the clock is set back, so that no number is left out.</summary>
internal static class FrameTurns
{
    public static ValueTask RunDue(EntityActivation activation)
    {
        var ran = 0;
        while (true)
        {
            if (Late(activation, ran)) break;
            var next = RunNext(activation);
            if (!next.IsCompletedSuccessfully) return RunDueSlowly(activation, next, ran);
            if (!next.Result) break;
            ran++;
        }
        Settle(activation);
        return default;
    }

    static async ValueTask RunDueSlowly(EntityActivation activation, ValueTask<bool> running, int ran)
    {
        while (await running && !Late(activation, ++ran)) running = RunNext(activation);
        Settle(activation);
    }

    static void Settle(EntityActivation activation)
    {
        if (!activation.IsGone) activation.Silo.Clock.Ensure(activation);
    }

    // Called before each frame: true when the bound is reached and the clock was set back instead.
    static bool Late(EntityActivation activation, int ran)
    {
        if (activation.State is not { Frames.Running: true } state || ran < activation.Slices!.Options.CatchUpFrames) return false;
        activation.State = state with { Frames = state.Frames.SetBack(activation.Silo.Time.GetUtcNow(), activation.Slices.Options.FramesPerSecond) };
        activation.MarkDirty();
        return true;
    }

    /// <summary>UTC ticks at which the entity's clock has something to do; null when it has nothing.</summary>
    public static long? NextDue(EntityState state, int framesPerSecond)
    {
        if (state.Frames.Running) return state.Frames.DueTicks(state.Frames.Frame + 1, framesPerSecond);
        if (state.Extras.Schedule.Count == 0) return null;
        var first = long.MaxValue;
        foreach (var entry in state.Extras.Schedule.Values) first = Math.Min(first, entry.DueFrame);
        return state.Frames.DueTicks(first, framesPerSecond);
    }

    /// <summary>Runs one frame if one is due. False when none was.</summary>
    static ValueTask<bool> RunNext(EntityActivation activation)
    {
        if (activation.IsGone || activation.State is not { } state) return new(false);
        var options = activation.Slices!.Options;
        var now = activation.Silo.Time.GetUtcNow();
        if (NextDue(state, options.FramesPerSecond) is not { } due || due > now.UtcTicks) return new(false);
        activation.LastUsed = activation.Silo.Time.GetTimestamp();
        activation.Silo.Instruments.FrameLate(activation.Id.Kind, now.UtcTicks - due);
        var frame = state.Frames.Running ? state.Frames.Frame + 1 : state.Frames.At(new DateTimeOffset(due, TimeSpan.Zero), options.FramesPerSecond);
        activation.State = state with { Frames = state.Frames with { Frame = frame } };
        activation.MarkDirty();
        var at = new DateTimeOffset(due, TimeSpan.Zero);
        return state.Extras.Schedule.Count > 0 ? RunEntries(activation, frame, at) : RunHandlers(activation, frame, at, 0);
    }

    static async ValueTask<bool> RunEntries(EntityActivation activation, long frame, DateTimeOffset at)
    {
        var due = activation.State!.Extras.Schedule.Values.Where(entry => entry.DueFrame <= frame)
            .OrderByDescending(entry => entry.Priority).ThenBy(entry => entry.DueFrame).ThenBy(entry => entry.Id).ToArray();
        foreach (var entry in due)
        {
            // An earlier entry of this frame may have cancelled it, or ended the entity.
            if (activation.IsGone) return false;
            if (!activation.State!.Extras.Schedule.ContainsKey(entry.Id)) continue;
            TakeOff(activation, entry, frame);
            if (entry.ExpiresFrame < frame) activation.Silo.Log.EntryExpired(activation.Id, entry, frame);
            else await RunEntry(activation, entry, frame, at);
        }
        return !activation.IsGone && await RunHandlers(activation, frame, at, 0);
    }

    // Before it runs: an entry that fails is not tried again, and one that repeats goes on.
    static void TakeOff(EntityActivation activation, ScheduleEntry entry, long frame)
    {
        var state = activation.State!;
        var schedule = state.Extras.Schedule.Remove(entry.Id);
        if (entry.EveryFrames is { } every)
        {
            var missed = Math.Max(0, frame - entry.DueFrame) / every;
            var next = entry.DueFrame + (missed + 1) * every;
            schedule = schedule.Add(entry.Id, entry with { DueFrame = next, ExpiresFrame = next + (entry.ExpiresFrame - entry.DueFrame) });
        }
        activation.State = state with { Extras = state.Extras with { Schedule = schedule } };
    }

    static async ValueTask RunEntry(EntityActivation activation, ScheduleEntry entry, long frame, DateTimeOffset at)
    {
        // Nobody waits for it, so it has no key and no chain; its caller is the entity itself.
        var request = new CallRequest { Entity = activation.Id, Operation = entry.Operation, Arguments = entry.Arguments, Caller = activation.Id.ToString() };
        if (await CallTurns.RunScheduled(activation, request, frame, at) is { Error: { } error })
            activation.Silo.Log.EntryFailed(activation.Id, entry, error);
    }

    static ValueTask<bool> RunHandlers(EntityActivation activation, long frame, DateTimeOffset at, int from)
    {
        for (var i = from; activation.State is { Frames.Running: true } && i < activation.Slices!.Count; i++)
        {
            if (activation.Slices.Routes[i].Definition.Frame is not { } handler) continue;
            var committing = RunHandler(activation, handler, i, frame, at);
            if (!committing.IsCompletedSuccessfully) return GoOn(activation, committing, frame, at, i + 1);
        }
        return new(!activation.IsGone);
    }

    static async ValueTask<bool> GoOn(EntityActivation activation, ValueTask<CallError?> committing, long frame, DateTimeOffset at, int from)
    {
        await committing;
        return !activation.IsGone && await RunHandlers(activation, frame, at, from);
    }

    static ValueTask<CallError?> RunHandler(EntityActivation activation, TurnHandler handler, int slice, long frame, DateTimeOffset at)
    {
        var start = new TurnStart("frame", at, frame, at + CallRequest.DefaultDeadline, null);
        var turn = new EntityTurn(activation, slice, start, activation.NextSeed()) { StartedAt = activation.Silo.Time.GetTimestamp() };
        activation.Begin(turn);
        try
        {
            handler.Invoke(turn);
            return TurnCommit.Commit(activation, turn, turn.Next());
        }
        catch (Exception thrown)
        {
            return new(TurnCommit.Fail(activation, turn, Errors.Of(thrown, "frame", false)).Error);
        }
    }
}
