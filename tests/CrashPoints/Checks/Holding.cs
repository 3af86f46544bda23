using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.State;

namespace Evergrain.CrashPoints.Checks;

/// <summary>What one entity of the game holds.</summary>
/// <param name="Applied">The ids of all changes, in order.</param>
/// <param name="Waiting">Sends and scheduled calls that are still to come.</param>
internal sealed record Holding(EntityId Id, decimal Gold, IReadOnlyList<string> Applied, int Waiting)
{
    public static Holding Of(EntityView view) => Of(view.Id, view.Slices.Count > 0 ? view.Slices[0].State : default, view.Outbox.Count + view.Schedule.Count);

    public static Holding Of(EntityRecord record) =>
        Of(record.Id, record.Slices is [var slice, ..] ? JsonSerializer.Deserialize<JsonElement>(slice.Bytes) : default, record.Extras.Outbox.Count + record.Extras.Schedule.Count);

    // A version holds gold, the next one copper.
    static Holding Of(EntityId id, JsonElement state, int waiting) => state.ValueKind != JsonValueKind.Object ? new(id, 0, [], waiting) : new(id,
        state.TryGetProperty("copper", out var copper) ? copper.GetDecimal() / 100 : state.TryGetProperty("gold", out var gold) ? gold.GetDecimal() : 0,
        [.. state.GetProperty("applied").EnumerateArray().Select(one => one.GetString() ?? "")], waiting);
}
