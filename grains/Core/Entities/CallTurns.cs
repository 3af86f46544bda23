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
    public static ValueTask<CallReply?> Execute(EntityActivation activation, CallRequest request) =>
        activation.State is not null && ReferenceEquals(activation.Table, activation.Silo.Runtime.Table) ? Run(activation, request) : Prepare(activation, request);

    static async ValueTask<CallReply?> Prepare(EntityActivation activation, CallRequest request)
    {
        if (activation.IsGone) return null;
        if (await EntityReadiness.MakeReady(activation) is { } notReady) return CallReply.Failed(notReady, activation.Silo.Epoch);
        return activation.IsGone ? null : await Run(activation, request);
    }

    // Nothing is made or changed before everything about the request was found right.
    static ValueTask<CallReply?> Run(EntityActivation activation, CallRequest request)
    {
        var silo = activation.Silo;
        var now = silo.Time.GetUtcNow();
        if (request.Deadline <= now) return Answer(activation, Errors.LateBeforeTurn(activation.Id, null));
        if (request.Key is { } key && Remembered(activation, request, key, now) is { } known) return new(known);
        if (request.Operation.Length > 0 && request.Operation[0] == InternalOperations.Mark) return InternalCalls.Run(activation, request);
        if (!activation.Slices!.TryFind(request.Operation, out var slice, out var operation))
            return Answer(activation, Errors.UnknownOperation(activation.Id, request.Operation));
        if (operation!.Audience == Audience.Entities && !silo.Options.PlayersMayCallAnything && !IsEntity(request.Caller))
            return Answer(activation, Errors.Forbidden(request.Operation));
        if (!activation.State!.Created && activation.Slices.Options.RequiresCreation) return Answer(activation, Errors.NoSuchEntity(activation.Id));

        var frame = activation.State.Frames.At(now, activation.Slices.Options.FramesPerSecond);
        return Turn(activation, request, slice, operation, new TurnStart(operation.Name, now, now.UtcTicks, frame, request));
    }

    /// <summary>A scheduled entry of the entity itself, at its frame.</summary>
    public static ValueTask<CallReply?> RunScheduled(EntityActivation activation, CallRequest request, long frame, DateTimeOffset at)
    {
        if (!activation.Slices!.TryFind(request.Operation, out var slice, out var operation)) return Answer(activation, Errors.UnknownOperation(activation.Id, request.Operation));
        var now = activation.Silo.Time.GetUtcNow();
        return Turn(activation, request, slice, operation!, new TurnStart(operation!.Name, at, now.UtcTicks, frame, request));
    }

    static ValueTask<CallReply?> Turn(EntityActivation activation, CallRequest request, int slice, OperationDefinition operation, in TurnStart start)
    {
        var turn = new EntityTurn(activation, slice, start, activation.NextSeed());
        activation.Begin(turn);
        // The first call makes the entity, as part of its own turn: if it fails, nothing was made.
        if (!activation.State!.Created && EntityLife.Make(turn) is { } unmade) return new(TurnCommit.Fail(activation, turn, unmade));
        return operation.MayAwait ? RunAwaiting(activation, turn, operation, request) : RunHere(activation, turn, operation, request);
    }

    static ValueTask<CallReply?> RunHere(EntityActivation activation, EntityTurn turn, OperationDefinition operation, CallRequest request)
    {
        ReadOnlyMemory<byte> result = default;
        CallError? error = null;
        var outer = activation.Silo.Unawaited.Enter();
        try
        {
            result = operation.Invoke(turn, request.Arguments).GetAwaiter().GetResult();
        }
        catch (Exception thrown)
        {
            error = Errors.Of(thrown, operation.Name, turn.Awaited);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
        return error is null ? TurnCommit.Succeed(activation, turn, request, result, operation.Raw) : new(TurnCommit.Fail(activation, turn, error));
    }

    static async ValueTask<CallReply?> RunAwaiting(EntityActivation activation, EntityTurn turn, OperationDefinition operation, CallRequest request)
    {
        turn.LetCall();
        var (result, error) = await Handle(activation, turn, operation, request);
        return error is null ? await TurnCommit.Succeed(activation, turn, request, result, operation.Raw) : TurnCommit.Fail(activation, turn, error);
    }

    // Once it is over no piece of the handler runs any more, whatever it still awaits.
    static async ValueTask<(ReadOnlyMemory<byte> Result, CallError? Error)> Handle(EntityActivation activation, EntityTurn turn, OperationDefinition operation, CallRequest request)
    {
        var time = activation.Silo.Time;
        var scheduler = new TurnScheduler(activation.Silo.Executor);
        try
        {
            var handling = Start(scheduler, turn, operation, request);
            if (!handling.IsCompleted)
            {
                var task = handling.AsTask();
                var left = turn.Deadline + Grace - time.GetUtcNow();
                if (!await Ends(task, left, time)) return (default, Late(scheduler, turn));
                handling = new(task);
            }
            var result = await handling;
            return scheduler.Fault is { } fault ? (default, Failed(scheduler, turn, fault)) : (result, null);
        }
        catch (OperationCanceledException) when (time.GetUtcNow() >= turn.Deadline)
        {
            return (default, Late(scheduler, turn));
        }
        catch (Exception thrown)
        {
            return (default, Failed(scheduler, turn, thrown));
        }
        finally
        {
            scheduler.Close();
        }
    }

    // What the turn may leave behind is told only once it can begin nothing more.
    static CallError Late(TurnScheduler scheduler, EntityTurn turn)
    {
        Seal(scheduler, turn);
        return Errors.LateInTurn(turn);
    }

    static CallError Failed(TurnScheduler scheduler, EntityTurn turn, Exception thrown)
    {
        Seal(scheduler, turn);
        return Errors.Of(thrown, turn.Operation, turn.Awaited);
    }

    static void Seal(TurnScheduler scheduler, EntityTurn turn)
    {
        scheduler.Close();
        turn.Seal();
    }

    static async ValueTask<bool> Ends(Task task, TimeSpan left, TimeProvider time)
    {
        try
        {
            await task.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
            return true;
        }
        catch
        {
            // What the handler itself threw is seen where its task is awaited.
            return task.IsCompleted;
        }
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
