using System.Text.Json;

namespace Evergrain.ModulePackaging;

/// <summary>Where two JSON values differ, whatever the order of their members. Pure.</summary>
/// <param name="Path">Such as <c>expect.result.damage</c>.</param>
/// <param name="Expected">JSON, cut where it is long; <c>nothing</c> where there was none.</param>
/// <param name="Actual">Likewise.</param>
public sealed record SampleDifference(string Path, string Expected, string Actual)
{
    // Enough to see what happened.
    const int MaxDifferences = 20;
    const int MaxText = 200;

    /// <summary>Compares what the sample names, and always whether the call was rejected.</summary>
    public static IReadOnlyList<SampleDifference> Compare(SampleOutcome expected, SampleOutcome actual)
    {
        // A rejection says it all; that there is no result then is the same difference.
        var named = actual.Rejected is not null && expected.Rejected is null ? new SampleOutcome(Rejected: actual.Rejected) : Named(expected, actual);
        var wanted = named.Rejected is not null && expected.Rejected is null ? new SampleOutcome() : expected;
        return Compare("expect", ToJson(wanted), ToJson(named), mayHaveMore: false);
    }

    /// <param name="mayHaveMore">Members that only <paramref name="actual"/> has are fine, and null is the same as nothing.</param>
    public static IReadOnlyList<SampleDifference> Compare(string path, JsonElement expected, JsonElement actual, bool mayHaveMore)
    {
        var found = new List<SampleDifference>();
        Compare(path, expected, actual, mayHaveMore, found);
        return [.. found.Take(MaxDifferences)];
    }

    static void Compare(string path, JsonElement expected, JsonElement actual, bool mayHaveMore, List<SampleDifference> found)
    {
        if (found.Count >= MaxDifferences) return;
        switch (expected.ValueKind, actual.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                foreach (var member in expected.EnumerateObject())
                    if (actual.TryGetProperty(member.Name, out var value)) Compare($"{path}.{member.Name}", member.Value, value, mayHaveMore, found);
                    else if (!mayHaveMore || member.Value.ValueKind != JsonValueKind.Null) found.Add(new($"{path}.{member.Name}", Text(member.Value), "nothing"));
                if (!mayHaveMore)
                    foreach (var member in actual.EnumerateObject())
                        if (!expected.TryGetProperty(member.Name, out _)) found.Add(new($"{path}.{member.Name}", "nothing", Text(member.Value)));
                break;
            case (JsonValueKind.Array, JsonValueKind.Array):
                var (left, right) = (expected.GetArrayLength(), actual.GetArrayLength());
                for (var i = 0; i < Math.Min(left, right); i++) Compare($"{path}[{i}]", expected[i], actual[i], mayHaveMore, found);
                for (var i = right; i < left; i++) found.Add(new($"{path}[{i}]", Text(expected[i]), "nothing"));
                for (var i = left; i < right; i++) found.Add(new($"{path}[{i}]", "nothing", Text(actual[i])));
                break;
            default:
                if (!JsonElement.DeepEquals(expected, actual)) found.Add(new(path, Text(expected), Text(actual)));
                break;
        }
    }

    static SampleOutcome Named(SampleOutcome expected, SampleOutcome actual) => new(
        expected.Result is null ? null : actual.Result,
        actual.Rejected,
        expected.State is null ? null : actual.State,
        expected.Sends is not { } sends ? null : [.. (actual.Sends ?? []).Select((send, i) => sends.ElementAtOrDefault(i) is { Arguments: null } ? send with { Arguments = null } : send)],
        expected.Events is not { } events ? null : [.. (actual.Events ?? []).Select((told, i) => events.ElementAtOrDefault(i) is { Data: null } ? told with { Data = null } : told)],
        expected.Schedules is not { } schedules ? null : [.. (actual.Schedules ?? []).Select((call, i) => schedules.ElementAtOrDefault(i) is { Arguments: null } ? call with { Arguments = null } : call)]);

    static JsonElement ToJson(SampleOutcome outcome) => JsonSerializer.SerializeToElement(outcome, PackagingJson.Default.SampleOutcome);

    static string Text(JsonElement value) => value.GetRawText() is { Length: > MaxText } text ? $"{text[..MaxText]}…" : value.GetRawText();
}
