using System.Collections.Immutable;
using Evergrain.Contracts;
using Evergrain.Core.Frames;
using Evergrain.Core.State;
using Evergrain.Runtime.Migrations;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>Brings an entity into memory and to the serving table, inside its gate.</summary>
internal static class EntityReadiness
{
    // A table can be swapped while an entity is brought to it; it is then brought to the next.
    const int MaxTables = 8;

    // Between two looks whether an entity that waits for another silo still belongs here.
    static readonly TimeSpan ClaimLook = TimeSpan.FromMilliseconds(100);

    /// <summary>Null, or why it cannot serve; the activation may be gone then.</summary>
    public static async ValueTask<CallError?> MakeReady(EntityActivation activation)
    {
        for (var i = 0; i < MaxTables && !activation.IsGone; i++)
        {
            var table = activation.Silo.Runtime.Table;
            if (ReferenceEquals(activation.Table, table) && (activation.Quarantine ?? (object?)activation.State) is not null) return activation.Quarantine;
            var step = activation.State is null ? await Load(activation, table) : await Reconcile(activation, table);
            if (step is { Again: false }) return step.Error;
        }
        return activation.IsGone ? null : Errors.NotReady(activation.Silo.Id);
    }

    /// <summary>Moves the entity's slices to the table, all or none; tried once for each table.</summary>
    static async ValueTask<Step> Reconcile(EntityActivation activation, ModuleTable table)
    {
        var old = activation.Slices!;
        if (table.Kind(activation.Id.Kind) is not { } route)
        {
            await EntityLife.Deactivate(activation);
            return Step.Failed(Errors.UnknownKind(activation.Id));
        }
        if (SameSlots(old, route))
        {
            activation.Slices = old.Serves(route.Options, route.Slices, table.DataSets) ? old
                : activation.Silo.Shared(activation.Id.Kind, old with { Routes = route.Slices, Options = route.Options, Data = table.DataSets });
            (activation.Table, activation.LeftBehind) = (table, null);
            return Step.Done;
        }
        return await Held(activation, table, route, old.Kept, old, migrators => Move(activation, table, route, migrators));
    }

    static Step Move(EntityActivation activation, ModuleTable table, KindRoute route, Migrators migrators)
    {
        var old = activation.Slices!;
        try
        {
            var moved = Reconciliation.Move(activation, table, route, migrators);
            // Who looks from outside the gate knows by the table whether slices and state belong together.
            activation.Table = null;
            Interlocked.MemoryBarrier();
            (activation.Slices, activation.State, activation.StoredStates) = (activation.Silo.Shared(activation.Id.Kind, moved.Slices), activation.State! with { Slices = moved.States, Extras = HeldEntries.Released(activation.State!.Extras) }, moved.StoredStates);
            Interlocked.MemoryBarrier();
            (activation.Table, activation.LeftBehind) = (table, null);
            old.Release();
            activation.Work?.CancelOutside(moved.Slices);
            activation.MarkDirty();
            activation.Silo.Clock.Ensure(activation);
            return Step.Taken;
        }
        catch (MigrationFailedException failed)
        {
            (activation.Table, activation.LeftBehind) = (table, failed.Message);
            activation.Silo.MigrationFailed(activation, route, failed.Message);
            return Step.Done;
        }
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
        if (table.Kind(activation.Id.Kind) is not { } route) return Refused(activation, Errors.UnknownKind(activation.Id));
        EntityRecord? stored;
        try
        {
            // Its calls go where it lives now. Were it to wait here, two silos could wait for each other.
            if (!await Claim(activation))
            {
                activation.Retire();
                return Step.Retry;
            }
            stored = await silo.Store.Read(activation.Id);
        }
        catch (StoreUnavailableException unavailable)
        {
            return Refused(activation, Errors.StoreUnavailable(Ran.No, unavailable.Message));
        }
        catch (UnreadableRecordException unreadable)
        {
            return Refused(activation, Errors.RecordUnreadable(unreadable));
        }
        if (stored is not null && stored.Epoch > table.Epoch)
            return await silo.CatchUp(stored.Epoch) is { } behind ? Refused(activation, behind) : Step.Retry;
        var step = await Held(activation, table, route, stored?.Slices ?? [], null, migrators => Decode(activation, table, route, stored, migrators));
        return step.Again || step.Error is not null ? step : await Awake(activation);
    }

    // False once the entity does not belong here, if only since it waits for another silo.
    static async ValueTask<bool> Claim(EntityActivation activation)
    {
        var (silo, id) = (activation.Silo, activation.Id);
        if (!silo.BelongsHere(id)) return false;
        using var moved = new CancellationTokenSource();
        var claiming = silo.Claim(id, moved.Token).AsTask();
        while (!await claiming.EndsWithin(ClaimLook, silo.Time))
        {
            if (silo.BelongsHere(id)) continue;
            moved.Cancel();
            return false;
        }
        await claiming;
        return silo.BelongsHere(id);
    }

    static Step Decode(EntityActivation activation, ModuleTable table, KindRoute route, EntityRecord? stored, Migrators migrators)
    {
        try
        {
            var loaded = Reconciliation.Load(activation.Id, stored, table, route, migrators);
            (activation.Slices, activation.Stored, activation.StoredStates, activation.Table) = (activation.Silo.Shared(activation.Id.Kind, loaded.Slices), stored, loaded.StoredStates, table);
            activation.State = new EntityState(loaded.States, stored?.Frames ?? FrameCount.StartingAt(activation.Silo.Time.GetUtcNow()),
                stored?.EventSequence ?? 0, HeldEntries.Released(stored?.Extras ?? EntityExtras.None), stored?.Created ?? false);
            activation.Quarantine = null;
            activation.Silo.Quarantined.Remove(activation.Id);
            return Step.Taken;
        }
        catch (MigrationFailedException failed)
        {
            (activation.Quarantine, activation.Table) = (Errors.Quarantined(activation.Id, failed.Message), table);
            activation.Silo.Quarantined.Add(activation.Id, activation.Quarantine, table.Epoch);
            activation.Silo.MigrationFailed(activation, route, failed.Message);
            return Step.Failed(activation.Quarantine);
        }
    }

    static async ValueTask<Step> Awake(EntityActivation activation)
    {
        if (activation.State is { Created: true }) await EntityLife.RunHandlers(activation, "activated", definition => definition.Activated);
        if (activation.State is not { } state) return Step.Failed(Errors.StoreConflict(activation.Id));
        if (state.Extras.Outbox.Count > 0) (activation.Outbox ??= new OutboxPump(activation)).Pump();
        activation.Silo.Clock.Ensure(activation);
        return Step.Done;
    }

    /// <summary>Does something with leases of the route's slots, and gives them back unless they were taken over.</summary>
    static async ValueTask<Step> Held(EntityActivation activation, ModuleTable table, KindRoute route, ImmutableArray<SliceRecord> stored, SliceSet? live, Func<Migrators, Step> work)
    {
        var leases = new SliceSet(route.Options, route.Slices, table.DataSets, null, []);
        if (!leases.TryAcquire()) return Step.Retry;
        var taken = false;
        try
        {
            using var migrators = await Migrators.For(activation.Silo, activation.Id.Kind, stored, live, route);
            // Fetching a migrator takes time, and a newer table may be there.
            if (!ReferenceEquals(table, activation.Silo.Runtime.Table)) return Step.Retry;
            var step = work(migrators);
            taken = step.LeasesTaken;
            return step;
        }
        catch (StoreUnavailableException unavailable)
        {
            return activation.State is null ? Refused(activation, Errors.StoreUnavailable(Ran.No, unavailable.Message)) : Step.Failed(Errors.StoreUnavailable(Ran.No, unavailable.Message));
        }
        finally
        {
            if (!taken) leases.Release();
        }
    }

    static Step Refused(EntityActivation activation, CallError error)
    {
        activation.Retire(error);
        return Step.Failed(error);
    }

    readonly record struct Step(bool Again, CallError? Error, bool LeasesTaken = false)
    {
        public static readonly Step Done = new(false, null);
        public static readonly Step Taken = new(false, null, true);
        public static readonly Step Retry = new(true, null);
        public static Step Failed(CallError error) => new(false, error);
    }
}
