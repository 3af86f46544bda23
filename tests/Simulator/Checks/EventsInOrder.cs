using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks;

/// <summary>P4, for those who listen: an entity's events come in the order of their numbers and epochs, and what a wallet tells is stored.</summary>
internal sealed class EventsInOrder(Known known) : Checker("P4")
{
    readonly Dictionary<EntityId, EventHeard> last = [];
    readonly Dictionary<(EntityId, int Life), EventHeard> lastOfLife = [];
    readonly HashSet<(EntityId, long Sequence)> toldOf = [];

    public override void See(Observation observation)
    {
        if (observation is not EventHeard heard) return;
        var told = heard.Event;
        if (told.From.Kind == "wallet") Durable(heard, told);
        else Volatile(heard, told);
        last[told.From] = lastOfLife[(told.From, heard.Life)] = heard;
    }

    // Written before it is told: no number is told twice, and one life of a silo tells them in order. A silo that stood still between its write
    // and its telling tells late.
    void Durable(EventHeard heard, GameEvent told)
    {
        if (!toldOf.Add((told.From, told.Sequence))) Broken(heard.At, $"event {told.Sequence} of {told.From} came twice.");
        if (lastOfLife.TryGetValue((told.From, heard.Life), out var before))
        {
            if (told.Sequence <= before.Event.Sequence) Broken(heard.At, $"event {told.Sequence} of {told.From} came after {before.Event.Sequence}.");
            if (told.Epoch < before.Event.Epoch) Broken(heard.At, $"event {told.Sequence} of {told.From} is of epoch {told.Epoch}; one before it was of {before.Event.Epoch}.");
        }
        if (!known.Troubles.Any && last.TryGetValue(told.From, out var other) && told.Sequence < other.Event.Sequence)
            Broken(heard.At, $"event {told.Sequence} of {told.From} came after {other.Event.Sequence}, though nothing went wrong.");
        var id = JsonSerializer.Deserialize(told.Data.Span, GameJson.Default.PurseMoved)!.Id;
        if (known.Entities.Find(told.From) is not { } stored || stored.Record.EventSequence < told.Sequence || !stored.Applied.Contains(id))
            Broken(heard.At, $"event {told.Sequence} of {told.From} tells of {id}, which is not stored.");
    }

    // May be rolled back with the turn that told it: the numbers then go on from what was stored.
    void Volatile(EventHeard heard, GameEvent told)
    {
        if (lastOfLife.TryGetValue((told.From, heard.Life), out var before) && told.Epoch < before.Event.Epoch)
            Broken(heard.At, $"event {told.Sequence} of {told.From} is of epoch {told.Epoch}; one before it on {heard.Silo} was of {before.Event.Epoch}.");
        // Where two activations stand beside each other, each goes on from its own last, or from what is stored.
        var newest = Math.Max(last.GetValueOrDefault(told.From)?.Event.Sequence ?? 0, Math.Max(before?.Event.Sequence ?? 0, known.Entities.Find(told.From)?.Record.EventSequence ?? 0));
        if (told.Sequence > newest + 1) Broken(heard.At, $"event {told.Sequence} of {told.From} came where {newest + 1} was to come.");
        var expected = (last.GetValueOrDefault(told.From)?.Event.Sequence ?? 0) + 1;
        if (told.Sequence < expected && !known.Troubles.Any) Broken(heard.At, $"event {told.Sequence} of {told.From} came after {expected - 1}, though nothing went wrong.");
    }
}
