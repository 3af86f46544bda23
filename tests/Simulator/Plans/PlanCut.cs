using System.Globalization;

namespace Evergrain.Simulator.Plans;

/// <summary>Leaves parts of a plan out, by the numbers of what stays: lists like <c>0,3,40-52</c>, or <c>none</c>.</summary>
internal sealed record PlanCut(string? Faults, string? Rollouts, string? Calls)
{
    const string None = "none";

    public static readonly PlanCut Nothing = new(null, null, null);

    /// <exception cref="FormatException">A list cannot be read.</exception>
    public Plan Of(Plan plan) => this == Nothing ? plan : plan with
    {
        Faults = Kept(plan.Faults, fault => fault.Number, Faults), Rollouts = Kept(plan.Rollouts, rollout => rollout.Number, Rollouts),
        Calls = Kept(plan.Calls, call => call.Number, Calls), IsWhole = false,
    };

    /// <summary>The options that make a shrunk plan of a whole one; empty when nothing was left out.</summary>
    public static string Options(Plan plan) => plan.IsWhole ? ""
        : $" --faults {Say(plan.Faults.Select(fault => fault.Number))} --rollouts {Say(plan.Rollouts.Select(rollout => rollout.Number))} --calls {Say(plan.Calls.Select(call => call.Number))}";

    /// <exception cref="FormatException">It cannot be read.</exception>
    public static HashSet<int> Parse(string list)
    {
        var numbers = new HashSet<int>();
        if (list == None) return numbers;
        foreach (var part in list.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !TryParse(ends[0], out var first) || !TryParse(ends[^1], out var last) || last < first)
                throw new FormatException($"'{list}' is no list of numbers: write '0,3,40-52', or 'none'.");
            numbers.UnionWith(Enumerable.Range(first, last - first + 1));
        }
        return numbers;
    }

    public static string Say(IEnumerable<int> numbers)
    {
        var said = new List<string>();
        var sorted = numbers.Order().ToList();
        for (int first = 0, next; first < sorted.Count; first = next)
        {
            for (next = first + 1; next < sorted.Count && sorted[next] == sorted[next - 1] + 1;) next++;
            said.Add(next == first + 1 ? $"{sorted[first]}" : $"{sorted[first]}-{sorted[next - 1]}");
        }
        return said.Count == 0 ? None : string.Join(',', said);
    }

    static bool TryParse(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= 100_000;

    static IReadOnlyList<T> Kept<T>(IReadOnlyList<T> all, Func<T, int> number, string? list)
    {
        if (list is null) return all;
        var kept = Parse(list);
        return [.. all.Where(one => kept.Contains(number(one)))];
    }
}
