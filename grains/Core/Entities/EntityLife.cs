using Evergrain.Contracts;
using Evergrain.Core.Frames;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>The steps of an entity's life inside its gate: load, reconcile, create, deactivate, destroy.</summary>
internal static class EntityLife
{
    // A table can be swapped while an entity is brought to it; it is then brought to the next.
    const int MaxTables = 8;

    /// <summary>Brings the entity into memory and to the serving table. Null, or why it cannot serve; the activation may be gone then.</summary>
    public static async ValueTask<CallError?> MakeReady(EntityActivation activation)
    {
        for (var i = 0; i < MaxTables; i++)
        {
            var table = activation.Silo.Runtime.Table;
            if (ReferenceEquals(activation.Table, table) && (activation.Quarantine ?? (object?)activation.State) is not null) return activation.Quarantine;
            var step = activation.State is null ? await Load(activation, table) : await Reconcile(activation, table);
            if (step is { Again: false }) return step.Error;
        }
        return Errors.NotReady(activation.Silo.Id);
    }

    /// <summary>Moves the entity's slices to the table, all or none; tried once for each table.</summary>
    static async ValueTask<Step> Reconcile(EntityActivation activation, ModuleTable table)
    {
        var old = activation.Slices!;
        if (table.Kind(activation.Id.Kind) is not { } route)
        {
            await Deactivate(activation);
            return Step.Failed(Errors.UnknownKind(activation.Id));
        }
        if (old.Routes.AsSpan().SequenceEqual(route.Slices.AsSpan()) || SameSlots(old, route))
        {
            (activation.Slices, activation.Table, activation.LeftBehind) = (old with { Routes = route.Slices, Options = route.Options }, table, null);
            return Step.Done;
        }
        var held = new SliceSet(route.Options, route.Slices, null);
        if (!held.TryAcquire()) return Step.Retry;
        try
        {
            var (slices, states) = Reconciliation.Move(old, activation.State!.Slices, activation.Stored, route, activation.Id);
            (activation.Slices, activation.State, activation.StoredStates) = (slices, activation.State with { Slices = states }, null);
            (activation.Table, activation.LeftBehind) = (table, null);
            activation.Work?.CancelOutside(slices);
            old.Release();
            activation.MarkDirty();
            activation.Silo.Clock.Ensure(activation);
        }
        catch (MigrationFailedException failed)
        {
            held.Release();
            (activation.Table, activation.LeftBehind) = (table, failed.Message);
            activation.Silo.MigrationFailed(activation, route, failed.Message);
        }
        return Step.Done;
    }

    static bool SameSlots(SliceSet old, KindRoute route)
    {
        if (old.Routes.Length != route.Slices.Length) return false;
        for (var i = 0; i < old.Routes.Length; i++)
            if (!ReferenceEquals(old.Routes[i].Slot, route.Slices[i].Slot)) return false;
        return true;
    }

    static async ValueTask<Step> Load(EntityActivation activation, ModuleTable table)
    {
        var silo = activation.Silo;
        if (table.Kind(activation.Id.Kind) is not { } route)
        {
            activation.Retire();
            return Step.Failed(Errors.UnknownKind(activation.Id));
        }
        EntityRecord? stored;
        try
        {
            await silo.Claim(activation.Id);
            stored = await silo.Store.Read(activation.Id);
        }
        catch (StoreUnavailableException unavailable)
        {
            activation.Retire();
            return Step.Failed(Errors.StoreUnavailable(Ran.No, unavailable.Message));
        }
        if (stored is not null && stored.Epoch > table.Epoch)
            return await silo.CatchUp(stored.Epoch) is { } behind ? Step.Failed(behind) : Step.Retry;
        var slices = new SliceSet(route.Options, route.Slices, null);
        if (!slices.TryAcquire()) return Step.Retry;
        try
        {
            await Decode(activation, stored, slices, table);
            activation.Quarantine = null;
        }
        catch (MigrationFailedException failed)
        {
            slices.Release();
            activation.Quarantine = Errors.Quarantined(activation.Id, failed.Message);
            activation.Table = table;
            silo.MigrationFailed(activation, route, failed.Message);
            return Step.Failed(activation.Quarantine);
        }
        if (activation.State!.Created) await RunHandlers(activation, "activated", definition => definition.Activated);
        if (activation.State!.Extras.Outbox.Count > 0) (activation.Outbox ??= new OutboxPump(activation)).Pump();
        silo.Clock.Ensure(activation);
        return Step.Done;
    }

    static async ValueTask Decode(EntityActivation activation, EntityRecord? stored, SliceSet slices, ModuleTable table)
    {
        var states = new object[slices.Count];
        byte[]?[]? unknown = null;
        for (var i = 0; i < states.Length; i++)
        {
            var route = slices.Routes[i];
            var record = stored?.Slices.FirstOrDefault(slice => slice.Module == route.Module);
            var migrator = record is not null && record.Schema > route.Definition.Schema ? await activation.Silo.Migrator(record) : null;
            try
            {
                var steps = migrator?.Definition?.Slices.FirstOrDefault(slice => slice.Kind == activation.Id.Kind)?.Steps ?? [];
                states[i] = Reconciliation.Load(record, route, steps, activation.Id, i, states.Length, ref unknown);
            }
            finally
            {
                migrator?.Release();
            }
        }
        activation.Slices = unknown is null ? slices : slices with { Unknown = unknown };
        activation.Stored = stored;
        activation.StoredStates = null;
        activation.Table = table;
        activation.State = new EntityState(states, stored?.Frames ?? FrameCount.StartingAt(activation.Silo.Time.GetUtcNow()),
            stored?.EventSequence ?? 0, stored?.Extras ?? EntityExtras.None, stored?.Created ?? false);
    }

    /// <summary>Makes the entity: its created handlers run as one turn. Null, or why it was not made.</summary>
    public static async ValueTask<CallError?> Create(EntityActivation activation)
    {
        var now = activation.Silo.Time.GetUtcNow();
        var turn = NewTurn(activation, "created", now);
        if (InvokeAll(activation, turn, definition => definition.Created) is { } thrown)
        {
            return TurnCommit.Fail(activation, turn, thrown).Error;
        }
        try
        {
            var next = turn.Next() with { Created = true };
            if (await TurnCommit.Commit(activation, turn, next) is { } error) return error;
        }
        catch (EffectsTooManyException many)
        {
            return TurnCommit.Fail(activation, turn, Errors.Of(many, "created", false)).Error;
        }
        await RunHandlers(activation, "activated", definition => definition.Activated);
        return null;
    }

    /// <summary>Ends the entity: destroyed handlers, then a record without slices, which goes once its last sends have arrived.</summary>
    public static async ValueTask<CallError?> Destroy(EntityActivation activation, EntityTurn turn, EntityState next)
    {
        if (InvokeAll(activation, turn, definition => definition.Destroyed) is { } thrown) return TurnCommit.Fail(activation, turn, thrown).Error;
        foreach (var owned in next.Extras.Owned) turn.Send(owned, InternalOperations.Destroy, default);
        var last = turn.Next();
        var states = activation.Slices!.Routes.Select(route => route.Definition.Initial(activation.Id)).ToArray();
        var ended = new EntityState(states, last.Frames.Stop(), last.EventSequence,
            EntityExtras.None with { Outbox = last.Extras.Outbox, Window = next.Extras.Window, LastScheduleId = last.Extras.LastScheduleId }, Created: false);
        if (await TurnCommit.Write(activation, ended, turn.Awaited ? Ran.Unknown : Ran.No) is { } error) return error;
        activation.State = ended;
        activation.Work?.Cancel();
        activation.End(turn);
        if (ended.Extras.Outbox.Count > 0) (activation.Outbox ??= new OutboxPump(activation)).Pump();
        return null;
    }

    /// <summary>Leaves memory in good order. False when it must stay, because it could not be written.</summary>
    public static async ValueTask<bool> Deactivate(EntityActivation activation)
    {
        if (activation.State is { } state)
        {
            if (state.Created) await RunHandlers(activation, "deactivating", definition => definition.Deactivating);
            activation.Work?.Cancel();
            if (activation.State is { } last && await WriteLast(activation, last) is not null && !activation.IsGone) return false;
        }
        activation.Retire();
        return true;
    }

    static async ValueTask<CallError?> WriteLast(EntityActivation activation, EntityState last)
    {
        if (activation.IsDirty) return await TurnCommit.Write(activation, last, Ran.No);
        var over = activation.Stored is { Created: false } stored && stored.Extras.Outbox.Count == 0
            && stored.Extras.Window.Prune(activation.Silo.Time.GetUtcNow()).Count == 0;
        if (over) await RecordWriter.Write(activation.Silo.Store, activation.Stored!, activation.Stored, delete: true);
        return null;
    }

    static async ValueTask RunHandlers(EntityActivation activation, string step, Func<SliceDefinition, TurnHandler?> which)
    {
        if (!activation.Slices!.Routes.Any(route => which(route.Definition) is not null)) return;
        var turn = NewTurn(activation, step, activation.Silo.Time.GetUtcNow());
        if (InvokeAll(activation, turn, which) is { } thrown)
        {
            TurnCommit.Fail(activation, turn, thrown);
            return;
        }
        try
        {
            await TurnCommit.Commit(activation, turn, turn.Next());
        }
        catch (EffectsTooManyException many)
        {
            TurnCommit.Fail(activation, turn, Errors.Of(many, step, false));
        }
    }

    public static EntityTurn NewTurn(EntityActivation activation, string step, DateTimeOffset now)
    {
        var frame = activation.State!.Frames.At(now, activation.Slices!.Options.FramesPerSecond);
        var turn = new EntityTurn(activation, 0, new TurnStart(step, now, frame, now + CallRequest.DefaultDeadline, null), activation.NextSeed()) { StartedAt = activation.Silo.Time.GetTimestamp() };
        activation.Begin(turn);
        return turn;
    }

    static CallError? InvokeAll(EntityActivation activation, EntityTurn turn, Func<SliceDefinition, TurnHandler?> which)
    {
        try
        {
            for (var i = 0; i < activation.Slices!.Count; i++)
            {
                turn.Slice = i;
                which(activation.Slices.Routes[i].Definition)?.Invoke(turn);
            }
            return null;
        }
        catch (Exception thrown)
        {
            return Errors.Of(thrown, turn.Operation, turn.Awaited);
        }
        finally
        {
            turn.Slice = 0;
        }
    }

    readonly record struct Step(bool Again, CallError? Error)
    {
        public static readonly Step Done = new(false, null);
        public static readonly Step Retry = new(true, null);
        public static Step Failed(CallError error) => new(false, error);
    }
}
