using System.Collections.Immutable;
using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Runtime.Migrations;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>Brings an entity's slices to the slots of a module table: all slices or none, through bytes. It changes nothing itself.</summary>
internal sealed class Reconciliation
{
    readonly EntityId id;
    readonly ModuleTable table;
    readonly KindRoute route;
    readonly Migrators migrators;
    readonly object[] states;
    readonly object?[] stored;
    byte[]?[]? unknown;

    Reconciliation(EntityId id, ModuleTable table, KindRoute route, Migrators migrators)
    {
        (this.id, this.table, this.route, this.migrators) = (id, table, route, migrators);
        (states, stored) = (new object[route.Slices.Length], new object?[route.Slices.Length]);
    }

    /// <summary>A live entity moves to another table. The slice of a module that went is kept as bytes, for when it comes back.</summary>
    /// <exception cref="MigrationFailedException">A step is missing, or it threw.</exception>
    public static Reconciled Move(EntityActivation activation, ModuleTable table, KindRoute route, Migrators migrators)
    {
        var (old, before) = (activation.Slices!, activation.State!.Slices);
        var next = new Reconciliation(activation.Id, table, route, migrators);
        for (var i = 0; i < next.states.Length; i++)
        {
            var to = route.Slices[i];
            var from = old.IndexOf(to.Module);
            if (from < 0) next.Take(i, old.Kept.FirstOrDefault(slice => slice.Module == to.Module));
            else if (ReferenceEquals(old.Routes[from].Slot, to.Slot)) next.Keep(i, before[from], old.Unknown?[from], activation.StoredStates?[from]);
            else next.Convert(i, old, from, before[from]);
        }
        var gone = Enumerable.Range(0, old.Count).Where(i => !IsIn(route, old.Routes[i].Module)).Select(i => Guard(old.Routes[i], () => RecordWriter.Slice(activation, activation.State, i)));
        return next.Done([.. old.Kept.Where(slice => !IsIn(route, slice.Module)), .. gone]);
    }

    /// <summary>A stored entity comes into memory.</summary>
    /// <exception cref="MigrationFailedException">A step is missing, or it threw.</exception>
    public static Reconciled Load(EntityId id, EntityRecord? record, ModuleTable table, KindRoute route, Migrators migrators)
    {
        var next = new Reconciliation(id, table, route, migrators);
        for (var i = 0; i < next.states.Length; i++) next.Take(i, record?.Slices.FirstOrDefault(slice => slice.Module == route.Slices[i].Module));
        return next.Done(record is null ? [] : [.. record.Slices.Where(slice => !IsIn(route, slice.Module))]);
    }

    void Keep(int i, object state, byte[]? unknownFields, object? inStore)
    {
        (states[i], stored[i]) = (state, inStore);
        Remember(i, unknownFields);
    }

    void Take(int i, SliceRecord? slice)
    {
        var to = route.Slices[i];
        if (slice is null)
        {
            states[i] = Guard(to, () => to.Definition.Initial(id));
            return;
        }
        Decode(i, slice.Bytes, slice.Schema, null);
        if (slice.Schema == to.Definition.Schema) stored[i] = states[i];
    }

    void Convert(int i, SliceSet old, int from, object state)
    {
        var definition = old.Routes[from].Definition;
        Decode(i, Guard(old.Routes[from], () => old.Encode(from, state)), definition.Schema, old.Routes[from].Slot.Paths(id.Kind));
    }

    void Decode(int i, byte[] bytes, int schema, MigrationPaths? writers)
    {
        var to = route.Slices[i];
        var definition = to.Definition;
        if (schema != definition.Schema) bytes = Chain(to, schema, writers).Migrate(bytes);
        var state = states[i] = Guard(to, () => definition.Decode(bytes));
        Remember(i, UnknownFields.Extract(bytes, Guard(to, () => definition.Encode(state))));
    }

    void Remember(int i, byte[]? unknownFields)
    {
        if (unknownFields is not null) (unknown ??= new byte[]?[states.Length])[i] = unknownFields;
    }

    // One array serves for both when the store holds all states, which is the rule.
    Reconciled Done(ImmutableArray<SliceRecord> kept) =>
        new(new SliceSet(route.Options, route.Slices, table.DataSets, unknown, kept), states, states.AsSpan().SequenceEqual(stored) ? states : stored);

    static bool IsIn(KindRoute route, string module) => route.Slices.Any(slice => slice.Module == module);

    // By the version that serves now or the one that served before where one of them can alone, else with the steps of those between.
    MigrationChain Chain(SliceRoute to, int schema, MigrationPaths? writers)
    {
        var (own, goal) = (to.Slot.Paths(id.Kind)!, to.Definition.Schema);
        return own.Find(schema, goal) ?? writers?.Find(schema, goal) ?? MigrationPaths.Join(schema, goal, [own, .. writers is null ? [] : new[] { writers }, .. migrators.Paths(to.Module)]);
    }

    static T Guard<T>(SliceRoute to, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (MigrationFailedException)
        {
            throw;
        }
        catch (Exception thrown)
        {
            // Only text: the exception itself would keep the module's code alive.
            throw new MigrationFailedException($"{to.Slot.Id}: {thrown.GetType().Name}: {thrown.Message}");
        }
    }
}

/// <summary>What an entity's slices came to.</summary>
/// <param name="StoredStates">Those of <paramref name="States"/> that the store holds in the same schema; null in place of the others.</param>
internal readonly record struct Reconciled(SliceSet Slices, object[] States, object?[] StoredStates);
