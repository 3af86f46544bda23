using Evergrain.Contracts;

namespace Evergrain.Core.Entities;

/// <summary>Answers <see cref="InternalOperations"/>. One that came from an outbox is stored and remembered before it is answered, because
/// its sender then forgets it.</summary>
internal static class InternalCalls
{
    static readonly byte[] EmptyObject = "{}"u8.ToArray();

    public static async ValueTask<CallReply?> Run(EntityActivation activation, CallRequest request)
    {
        if (!CallTurns.IsEntity(request.Caller)) return CallReply.Failed(Errors.Forbidden(request.Operation), activation.Silo.Epoch);
        var error = request.Operation switch
        {
            InternalOperations.Wake => await Wake(activation),
            InternalOperations.Create => await Create(activation),
            InternalOperations.Own => await Own(activation, request.Caller),
            InternalOperations.Disown => Disown(activation, request.Caller),
            InternalOperations.Destroy => await Destroy(activation),
            InternalOperations.Acknowledge => Acknowledge(activation, request),
            _ => Errors.UnknownOperation(activation.Id, request.Operation),
        };
        if (error is not null) return CallReply.Failed(error, activation.Silo.Epoch);
        var reply = new CallReply { Result = EmptyObject, Epoch = activation.Silo.Epoch, SeenEpoch = activation.Silo.Epoch };
        return request is { Delivery: true, Key: { } key } && await Remember(activation, request, key, reply) is { } unstored
            ? CallReply.Failed(unstored, activation.Silo.Epoch)
            : reply;
    }

    static async ValueTask<CallError?> Remember(EntityActivation activation, CallRequest request, Guid key, CallReply reply)
    {
        var next = TurnCommit.Remember(activation.State!, request, key, reply, activation.Silo.Time.GetUtcNow());
        if (await EntityWriting.Write(activation, next, Ran.Unknown) is { } error) return error;
        activation.State = next;
        activation.Outbox?.Pump();
        return null;
    }

    // A first write that came only as far as the index has left an entity there which was never stored: nobody need wake it again.
    static async ValueTask<CallError?> Wake(EntityActivation activation)
    {
        if (activation is { Stored: null, State.Created: false } && RecordWriter.Encode(activation, activation.State) is { NeedsWakeUp: false } nothing)
            await RecordWriter.Write(activation.Silo.Store, nothing, null, delete: true);
        return null;
    }

    static ValueTask<CallError?> Create(EntityActivation activation) => activation.State!.Created ? default : EntityLife.Create(activation);

    static async ValueTask<CallError?> Own(EntityActivation activation, string caller)
    {
        if (!EntityId.TryParse(caller, out var owned)) return Errors.Forbidden(InternalOperations.Own);
        if (!activation.State!.Created)
        {
            if (activation.Slices!.Options.RequiresCreation) return Errors.NoSuchEntity(activation.Id);
            if (await EntityLife.Create(activation) is { } notMade) return notMade;
        }
        var state = activation.State!;
        if (state.Extras.Owned.Contains(owned)) return null;
        if (state.Extras.Owned.Count >= TurnEffects.MaxPerEntity)
            return new CallError(ErrorCodes.EffectsTooMany, Ran.No, $"{activation.Id} owns {TurnEffects.MaxPerEntity} entities already.", "Spread them over several owners.");
        activation.State = state with { Extras = state.Extras with { Owned = state.Extras.Owned.Add(owned) } };
        activation.MarkDirty();
        return null;
    }

    static CallError? Disown(EntityActivation activation, string caller)
    {
        var state = activation.State!;
        if (!EntityId.TryParse(caller, out var owned) || !state.Extras.Owned.Contains(owned)) return null;
        activation.State = state with { Extras = state.Extras with { Owned = state.Extras.Owned.Remove(owned) } };
        activation.MarkDirty();
        return null;
    }

    static ValueTask<CallError?> Destroy(EntityActivation activation)
    {
        if (!activation.State!.Created) return default;
        var turn = EntityLife.NewTurn(activation, "destroyed");
        turn.Destroy();
        return TurnCommit.Commit(activation, turn, turn.Next());
    }

    static CallError? Acknowledge(EntityActivation activation, CallRequest request)
    {
        var keys = new List<Guid>();
        for (var rest = request.Arguments; rest.Length >= 16; rest = rest[16..]) keys.Add(new Guid(rest.Span[..16], bigEndian: true));
        var state = activation.State!;
        var window = state.Extras.Window.Acknowledge(request.Caller, keys, activation.Silo.Time.GetUtcNow());
        if (ReferenceEquals(window, state.Extras.Window)) return null;
        activation.State = state with { Extras = state.Extras with { Window = window } };
        activation.MarkDirty();
        return null;
    }
}
