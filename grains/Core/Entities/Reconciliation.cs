using System.Collections.Immutable;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>Brings an entity's slices to the slots of a module table: all slices or none, through bytes. Pure, but for the modules' own steps.</summary>
internal static class Reconciliation
{
    /// <summary>A live entity moves to another table.</summary>
    /// <param name="stored">For the bytes of slices whose module was gone and is back.</param>
    /// <exception cref="MigrationFailedException">A step is missing, or it threw.</exception>
    public static (SliceSet Slices, object[] States) Move(SliceSet old, object[] states, EntityRecord? stored, KindRoute route, Evergrain.Contracts.EntityId id)
    {
        var next = new object[route.Slices.Length];
        byte[]?[]? unknown = null;
        for (var i = 0; i < next.Length; i++)
        {
            var to = route.Slices[i];
            var from = old.IndexOf(to.Module);
            if (from < 0) next[i] = Restore(stored?.Slices.FirstOrDefault(slice => slice.Module == to.Module), to, id, i, next.Length, ref unknown);
            else if (ReferenceEquals(old.Routes[from].Slot, to.Slot))
            {
                next[i] = states[from];
                if (old.Unknown?[from] is { } kept) (unknown ??= new byte[]?[next.Length])[i] = kept;
            }
            else
            {
                var bytes = Guard(to, () => old.Encode(from, states[from]));
                var oldDefinition = old.Routes[from].Definition;
                next[i] = Decode(bytes, oldDefinition.Schema, to, oldDefinition.Steps, i, next.Length, ref unknown);
            }
        }
        return (new SliceSet(route.Options, route.Slices, unknown), next);
    }

    /// <summary>A stored slice comes into memory; its migrator's steps help when the stored schema is the newer one.</summary>
    /// <exception cref="MigrationFailedException">A step is missing, or it threw.</exception>
    public static object Load(SliceRecord? stored, SliceRoute to, IReadOnlyList<MigrationStep> migrator, Evergrain.Contracts.EntityId id, int slice, int slices, ref byte[]?[]? unknown) =>
        stored is null ? Guard(to, () => to.Definition.Initial(id)) : Decode(stored.Bytes, stored.Schema, to, migrator, slice, slices, ref unknown);

    static object Restore(SliceRecord? stored, SliceRoute to, Evergrain.Contracts.EntityId id, int slice, int slices, ref byte[]?[]? unknown) =>
        Load(stored, to, [], id, slice, slices, ref unknown);

    static object Decode(byte[] bytes, int schema, SliceRoute to, IReadOnlyList<MigrationStep> otherSteps, int slice, int slices, ref byte[]?[]? unknown)
    {
        var definition = to.Definition;
        var migrated = schema == definition.Schema ? bytes : Guard(to, () => Step(schema, definition.Schema, definition.Steps, otherSteps).Migrate(bytes));
        var state = Guard(to, () => definition.Decode(migrated));
        if (UnknownFields.Extract(bytes, Guard(to, () => definition.Encode(state))) is { } kept && schema == definition.Schema)
            (unknown ??= new byte[]?[slices])[slice] = kept;
        return state;
    }

    static MigrationStep Step(int from, int to, IReadOnlyList<MigrationStep> own, IReadOnlyList<MigrationStep> other) =>
        own.Concat(other).FirstOrDefault(step => step.From == from && step.To == to)
            ?? throw new MigrationFailedException($"no step leads from schema {from} to {to}.");

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

/// <summary>A slice could not be brought to a schema; the entity stays as it was.</summary>
internal sealed class MigrationFailedException(string message) : Exception(message);
