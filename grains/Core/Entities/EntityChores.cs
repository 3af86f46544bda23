using Evergrain.Contracts;

namespace Evergrain.Core.Entities;

/// <summary>What an entity does in its gate beside the calls of modules' operations.</summary>
internal static class EntityChores
{
    static readonly byte[] EmptyObject = "{}"u8.ToArray();

    public static ValueTask Do(EntityActivation activation, Chores chores)
    {
        if (activation.IsGone) return default;
        if (chores == Chores.Frames && activation.Silo.Runtime.Table == activation.Table && activation.State is not null) return FrameTurns.RunDue(activation);
        return DoAll(activation, chores);
    }

    static async ValueTask DoAll(EntityActivation activation, Chores chores)
    {
        if (chores.HasFlag(Chores.Reconcile) || chores.HasFlag(Chores.Frames))
            if (await EntityLife.MakeReady(activation) is not null) chores &= ~Chores.Frames;
        if (!activation.IsGone && chores.HasFlag(Chores.Frames)) await FrameTurns.RunDue(activation);
        if (!activation.IsGone && chores.HasFlag(Chores.Settle)) activation.Outbox?.Settle();
        if (!activation.IsGone && chores.HasFlag(Chores.Write)) await Write(activation);
        if (!activation.IsGone && chores.HasFlag(Chores.DeactivateIdle) && IsIdle(activation)) await EntityLife.Deactivate(activation);
        if (!activation.IsGone && chores.HasFlag(Chores.Evict)) await EntityLife.Deactivate(activation);
    }

    static async ValueTask Write(EntityActivation activation)
    {
        activation.MarkClean();
        if (activation.State is not { } state || !state.Created && activation.Stored is null) return;
        if (await TurnCommit.Write(activation, state, Ran.No) is null) activation.Outbox?.Written();
        else if (!activation.IsGone) activation.MarkDirty();
    }

    static bool IsIdle(EntityActivation activation)
    {
        if (activation.State is not { } state) return true;
        var unused = activation.Silo.Time.GetElapsedTime(activation.LastUsed);
        return unused >= activation.Slices!.Options.IdleAfter && !state.Frames.Running && state.Extras.Schedule.Count == 0
            && state.Extras.Outbox.Count == 0 && (activation.Work?.Count ?? 0) == 0;
    }

    /// <summary>An operation of <see cref="InternalOperations"/>. Each may be repeated without harm, so none needs a key.</summary>
    public static async ValueTask<CallReply?> Internal(EntityActivation activation, CallRequest request, DateTimeOffset now)
    {
        if (!CallTurns.IsEntity(request.Caller)) return CallReply.Failed(Errors.Forbidden(request.Operation), activation.Silo.Epoch);
        var error = request.Operation switch
        {
            InternalOperations.Create or InternalOperations.Wake => null,
            InternalOperations.Own => await Own(activation, EntityId.Parse(request.Caller)),
            InternalOperations.Destroy => await Destroy(activation, now),
            InternalOperations.Acknowledge => Acknowledge(activation, request, now),
            _ => Errors.UnknownOperation(activation.Id, request.Operation),
        };
        return error is null
            ? new CallReply { Result = EmptyObject, Epoch = activation.Silo.Epoch, SeenEpoch = activation.Silo.Epoch }
            : CallReply.Failed(error, activation.Silo.Epoch);
    }

    static async ValueTask<CallError?> Own(EntityActivation activation, EntityId owned)
    {
        var state = activation.State!;
        if (state.Extras.Owned.Contains(owned)) return null;
        var next = state with { Extras = state.Extras with { Owned = state.Extras.Owned.Add(owned) } };
        if (await TurnCommit.Write(activation, next, Ran.No) is { } error) return error;
        activation.State = next;
        return null;
    }

    static async ValueTask<CallError?> Destroy(EntityActivation activation, DateTimeOffset now)
    {
        if (!activation.State!.Created) return null;
        var turn = EntityLife.NewTurn(activation, "destroyed", now);
        turn.Destroy();
        return await TurnCommit.Commit(activation, turn, turn.Next());
    }

    static CallError? Acknowledge(EntityActivation activation, CallRequest request, DateTimeOffset now)
    {
        var keys = new List<Guid>();
        for (var rest = request.Arguments; rest.Length >= 16; rest = rest[16..]) keys.Add(new Guid(rest.Span[..16], bigEndian: true));
        var state = activation.State!;
        activation.State = state with { Extras = state.Extras with { Window = state.Extras.Window.Acknowledge(request.Caller, keys, now) } };
        activation.MarkDirty();
        return null;
    }
}
