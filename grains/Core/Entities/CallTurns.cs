using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;

namespace Evergrain.Core.Entities;

/// <summary>Runs calls inside an entity's gate: bring the entity to the serving release, find the operation, run, commit.</summary>
internal static class CallTurns
{
    // Between a call's deadline and giving its turn up: the calls that it awaits end by the same deadline, and say more.
    static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <summary>Null: the activation is gone and nothing ran.</summary>
    public static ValueTask<CallReply?> Execute(EntityActivation activation, CallRequest request)
    {
        var table = activation.Silo.Runtime.Table;
        return ReferenceEquals(activation.Table, table) && request.SeenEpoch <= table.Epoch && activation.State is { Created: true } && activation.Quarantine is null
            ? Run(activation, request)
            : Prepare(activation, request);
    }

    static async ValueTask<CallReply?> Prepare(EntityActivation activation, CallRequest request)
    {
        var silo = activation.Silo;
        if (activation.IsGone) return null;
        if (request.SeenEpoch > silo.Epoch && await silo.CatchUp(request.SeenEpoch) is { } behind) return CallReply.Failed(behind, silo.Epoch);
        if (await EntityLife.MakeReady(activation) is { } notReady) return CallReply.Failed(notReady, silo.Epoch);
        if (activation.IsGone) return null;
        if (activation.State is { Created: false } && await EnsureCreated(activation, request) is { } refused) return refused;
        return await Run(activation, request);
    }

    static async ValueTask<CallReply?> EnsureCreated(EntityActivation activation, CallRequest request)
    {
        if (request.Operation is InternalOperations.Destroy or InternalOperations.Acknowledge or InternalOperations.Wake) return null;
        var options = activation.Slices!.Options;
        if (request.Operation != InternalOperations.Create && options.RequiresCreation)
            return CallReply.Failed(Errors.NoSuchEntity(activation.Id), activation.Silo.Epoch);
        return await EntityLife.Create(activation) is { } error ? CallReply.Failed(error, activation.Silo.Epoch) : null;
    }

    static ValueTask<CallReply?> Run(EntityActivation activation, CallRequest request)
    {
        var silo = activation.Silo;
        var now = silo.Time.GetUtcNow();
        var deadline = request.Deadline ?? now + CallRequest.DefaultDeadline;
        if (deadline <= now) return Answer(activation, Errors.LateBeforeTurn(activation.Id, null));
        if (request.Operation.Length > 0 && request.Operation[0] == InternalOperations.Mark) return EntityChores.Internal(activation, request, now)!;
        if (!activation.Slices!.TryFind(request.Operation, out var slice, out var operation))
            return Answer(activation, Errors.UnknownOperation(activation.Id, request.Operation));
        if (operation!.Audience == Audience.Entities && !silo.Options.PlayersMayCallAnything && !IsEntity(request.Caller))
            return Answer(activation, Errors.Forbidden(request.Operation));
        if (request.Key is { } key && Remembered(activation, request, key, now) is { } known) return new(known);

        return Turn(activation, request, slice, operation, new TurnStart(operation.Name, now, activation.State!.Frames.At(now, activation.Slices.Options.FramesPerSecond), deadline, request));
    }

    /// <summary>A scheduled entry of the entity itself, at its frame.</summary>
    public static ValueTask<CallReply?> RunScheduled(EntityActivation activation, CallRequest request, long frame, DateTimeOffset at) =>
        activation.Slices!.TryFind(request.Operation, out var slice, out var operation)
            ? Turn(activation, request, slice, operation!, new TurnStart(operation!.Name, at, frame, activation.Silo.Time.GetUtcNow() + CallRequest.DefaultDeadline, request))
            : Answer(activation, Errors.UnknownOperation(activation.Id, request.Operation));

    static ValueTask<CallReply?> Turn(EntityActivation activation, CallRequest request, int slice, OperationDefinition operation, in TurnStart start)
    {
        var turn = new EntityTurn(activation, slice, start, activation.NextSeed()) { StartedAt = activation.Silo.Time.GetTimestamp() };
        activation.Begin(turn);
        return operation.MayAwait ? RunAwaiting(activation, turn, operation, request) : RunHere(activation, turn, operation, request);
    }

    static ValueTask<CallReply?> RunHere(EntityActivation activation, EntityTurn turn, OperationDefinition operation, CallRequest request)
    {
        ReadOnlyMemory<byte> result;
        try
        {
            result = operation.Invoke(turn, request.Arguments).GetAwaiter().GetResult();
        }
        catch (Exception thrown)
        {
            return new(TurnCommit.Fail(activation, turn, Errors.Of(thrown, operation.Name, turn.Awaited)));
        }
        return TurnCommit.Succeed(activation, turn, request, result, operation.Raw);
    }

    static async ValueTask<CallReply?> RunAwaiting(EntityActivation activation, EntityTurn turn, OperationDefinition operation, CallRequest request)
    {
        ReadOnlyMemory<byte> result;
        var scheduler = new TurnScheduler(activation.Silo.Executor);
        try
        {
            var handling = Start(scheduler, turn, operation, request);
            result = handling.IsCompleted ? await handling
                : await handling.AsTask().WaitAsync(turn.Deadline + Grace - activation.Silo.Time.GetUtcNow(), activation.Silo.Time);
        }
        catch (TimeoutException)
        {
            return TurnCommit.Fail(activation, turn, Errors.LateInTurn(activation.Id, operation.Name, turn.WaitsFor));
        }
        catch (Exception thrown)
        {
            return TurnCommit.Fail(activation, turn, Errors.Of(thrown, operation.Name, turn.Awaited));
        }
        finally
        {
            scheduler.Close();
        }
        return await TurnCommit.Succeed(activation, turn, request, result, operation.Raw);
    }

    static ValueTask<ReadOnlyMemory<byte>> Start(TurnScheduler scheduler, EntityTurn turn, OperationDefinition operation, CallRequest request)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(scheduler);
        try
        {
            return operation.Invoke(turn, request.Arguments);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    static CallReply? Remembered(EntityActivation activation, CallRequest request, Guid key, DateTimeOffset now)
    {
        var body = DerivedKey.BodyHash(request.Operation, request.Arguments.Span);
        var verdict = activation.State!.Extras.Window.Look(request.Caller, key, body, request.Delivery, now);
        return verdict.Meaning switch
        {
            KeyMeaning.New => null,
            KeyMeaning.Known => verdict.Known!.Reply with { SeenEpoch = Math.Max(verdict.Known.Reply.SeenEpoch, activation.Silo.Epoch) },
            KeyMeaning.Reused => CallReply.Failed(Errors.Key(KeyProblem.Reused), activation.Silo.Epoch),
            KeyMeaning.Expired => CallReply.Failed(Errors.Key(KeyProblem.Expired), activation.Silo.Epoch),
            KeyMeaning.Bad => CallReply.Failed(Errors.Key(KeyProblem.Bad), activation.Silo.Epoch),
            _ => CallReply.Failed(Errors.Key(KeyProblem.Full), activation.Silo.Epoch),
        };
    }

    static ValueTask<CallReply?> Answer(EntityActivation activation, CallError error) => new(CallReply.Failed(error, activation.Silo.Epoch));

    // A player's name has no slash; an entity's id does.
    public static bool IsEntity(string caller) => caller.Contains('/');
}
