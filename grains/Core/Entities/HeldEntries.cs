using Evergrain.Core.State;

namespace Evergrain.Core.Entities;

/// <summary>Scheduled entries that the serving version cannot run, because it lacks their operation or cannot read their arguments: another
/// version made them. They are kept, passed over, shown to operators, and tried again as soon as another version serves the entity.</summary>
internal static class HeldEntries
{
    /// <summary>How many an entity keeps; one more is dropped, and said.</summary>
    public const int Most = 1024;

    /// <summary>Puts an entry back that was taken off and failed. False when it could have run, or when too many are held.</summary>
    public static bool TryHold(EntityActivation activation, ScheduleEntry entry)
    {
        if (activation.State is not { Created: true } state || activation.Slices!.Misfit(entry.Operation, entry.Arguments) is not { } why) return false;
        if (state.Extras.Schedule.Values.Count(other => other.Held is not null) >= Most) return false;
        activation.State = state with { Extras = state.Extras with { Schedule = state.Extras.Schedule.SetItem(entry.Id, entry with { Held = why }) } };
        activation.Changed();
        activation.Silo.Log.EntryHeld(activation.Id, entry, why);
        return true;
    }

    /// <summary>Another version serves: all of them are due again.</summary>
    public static EntityExtras Released(EntityExtras extras)
    {
        var held = extras.Schedule.Values.Where(entry => entry.Held is not null).Select(entry => KeyValuePair.Create(entry.Id, entry with { Held = null })).ToArray();
        return held.Length == 0 ? extras : extras with { Schedule = extras.Schedule.SetItems(held) };
    }
}
