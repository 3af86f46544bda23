using System.Collections.Immutable;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>The slots that an activation holds leases of, one for each slice, with what goes beside the slices' states. Immutable.</summary>
/// <param name="Routes">Shared with the module table, unless the entity stays behind because it could not be migrated.</param>
/// <param name="Data">The data sets of the table that had these routes: what the slices' code reads, also when it stayed behind.</param>
/// <param name="Unknown">For each slice the fields that its code does not know; null when no slice has any.</param>
/// <param name="Kept">Slices of modules that this release does not have, as they were last known.</param>
internal sealed record SliceSet(KindOptions Options, ImmutableArray<SliceRoute> Routes, IReadOnlyDictionary<string, byte[]> Data, byte[]?[]? Unknown, ImmutableArray<SliceRecord> Kept)
{
    public int Count => Routes.Length;

    /// <summary>It is what most entities of the kind have: they can share one.</summary>
    public bool IsPlain => Unknown is null && Kept.IsEmpty;

    /// <summary>They do the same for an entity that has nothing of its own beside its slices.</summary>
    public bool Serves(KindOptions options, ImmutableArray<SliceRoute> routes, IReadOnlyDictionary<string, byte[]> data) =>
        ReferenceEquals(Options, options) && Routes == routes && ReferenceEquals(Data, data);

    public int IndexOf(string module)
    {
        for (var i = 0; i < Routes.Length; i++)
            if (Routes[i].Module == module) return i;
        return -1;
    }

    public bool TryFind(string operation, out int slice, out OperationDefinition? definition)
    {
        for (slice = 0; slice < Routes.Length; slice++)
            if (Routes[slice].Definition.Operations.TryGetValue(operation, out definition)) return true;
        definition = null;
        return false;
    }

    /// <summary>Why a call of this operation could not begin; null when it could.</summary>
    public string? Misfit(string operation, ReadOnlyMemory<byte> arguments) =>
        !TryFind(operation, out var slice, out var found) ? $"{string.Join(" and ", Routes.Select(route => route.Slot.Id))} has no operation {operation}."
        : found!.Misfit(arguments) is { } why ? $"{Routes[slice].Slot.Id} cannot read the arguments of {operation}: {why}" : null;

    public byte[] Encode(int slice, object state) => UnknownFields.Merge(Routes[slice].Definition.Encode(state), Unknown?[slice]);

    /// <summary>False, with nothing held, when a slot takes no more leases: a newer table is there.</summary>
    public bool TryAcquire()
    {
        for (var i = 0; i < Routes.Length; i++)
        {
            if (Routes[i].Slot.TryAcquire()) continue;
            while (--i >= 0) Routes[i].Slot.Release();
            return false;
        }
        return true;
    }

    public void Release()
    {
        foreach (var route in Routes) route.Slot.Release();
    }
}
