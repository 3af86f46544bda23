using Evergrain.Core.Entities;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Rehearsals;

/// <summary>What one kind's entities mean to the version that would serve them. Used by one thread at a time.</summary>
/// <param name="serving">The module's slice as it serves now.</param>
/// <param name="next">The slice of the version that would; null where that has none of this kind.</param>
/// <param name="slice">How its states are tried; null where there is nothing to try.</param>
/// <param name="noWay">Why no state can go to the new schema at all; null where there is a way.</param>
internal sealed class KindRehearsal(SliceRoute serving, SliceDefinition? next, SliceRehearsal? slice, string? noWay, string candidate, int sample)
{
    int left = slice is null && noWay is null ? 0 : sample;

    public bool WantsMore => left > 0;

    /// <summary>Tries a copy of the entity's state. False when it has none that goes to the new version.</summary>
    public bool Try(EntityActivation activation, RehearsalTally tally)
    {
        string? fault = null;
        var copy = EntityLook.Take(activation, look => Copy(look, ref fault));
        if (copy is null && fault is null) return false;
        left--;
        tally.Tried();
        try
        {
            if ((noWay ?? fault) is { } why) tally.Failed(activation.Id, why);
            else if (slice!.Try(copy!) is { } difference) tally.Different(activation.Id, difference);
        }
        catch (RehearsalFailedException failed)
        {
            tally.Failed(activation.Id, failed.Message);
        }
        return true;
    }

    /// <summary>Why the new version could not begin a call that the serving one could; null when it could, or when neither could.</summary>
    public string? Misfit(string operation, ReadOnlyMemory<byte> arguments)
    {
        if (Misfit(serving.Definition, operation, arguments) is not null) return null;
        return next is null ? $"{candidate} has no slice of {serving.Definition.Kind}." : Misfit(next, operation, arguments) is { } why ? $"{candidate} {why}" : null;
    }

    // One that stayed on an older version is another matter: it is known, and listed as a holder of that version.
    byte[]? Copy(EntityLook look, ref string? fault)
    {
        var i = look.Slices.IndexOf(serving.Module);
        if (i < 0 || !look.State.Created || !ReferenceEquals(look.Slices.Routes[i].Slot, serving.Slot)) return null;
        try
        {
            return look.Slices.Encode(i, look.State.Slices[i]);
        }
        catch (Exception thrown)
        {
            fault = $"{serving.Slot.Id} cannot write the state: {thrown.GetType().Name}: {thrown.Message}";
            return null;
        }
    }

    static string? Misfit(SliceDefinition slice, string operation, ReadOnlyMemory<byte> arguments) =>
        !slice.Operations.TryGetValue(operation, out var found) ? $"has no operation {operation}." : found.Misfit(arguments) is { } why ? $"cannot read the arguments of {operation}: {why}" : null;
}
