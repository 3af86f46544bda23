namespace Evergrain.Runtime.Migrations;

/// <summary>One step that a version has between two schemas of a slice.</summary>
/// <param name="By">Whose it is.</param>
public readonly record struct MigrationLink<T>(int From, int To, T By);

/// <summary>The way of a slice from one schema to another. Steps are taken only toward the goal and never past it, so a way has an end and
/// no state goes up to come down. Pure.</summary>
public static class MigrationPath
{
    /// <summary>The fewest steps that lead there; of equally short ways the one whose steps are named first. Empty when it is there already,
    /// null when no way leads there.</summary>
    public static IReadOnlyList<MigrationLink<T>>? Find<T>(int from, int to, IEnumerable<MigrationLink<T>> links)
    {
        if (from == to) return [];
        var useful = Useful(from, to, links);
        var reachedBy = new Dictionary<int, MigrationLink<T>>();
        var waiting = new Queue<int>([from]);
        while (waiting.TryDequeue(out var at) && at != to)
            foreach (var link in useful)
                if (link.From == at && reachedBy.TryAdd(link.To, link)) waiting.Enqueue(link.To);
        return reachedBy.ContainsKey(to) ? Trace(from, to, reachedBy) : null;
    }

    /// <summary>The step that is missing where no way leads there: from as near to the goal as one gets, to where a way goes on.</summary>
    public static (int From, int To) Gap<T>(int from, int to, IEnumerable<MigrationLink<T>> links)
    {
        var useful = Useful(from, to, links);
        var last = Reached(from, useful.Select(link => (link.From, link.To))).MinBy(schema => Math.Abs(to - schema));
        var next = Reached(to, useful.Select(link => (link.To, link.From))).Where(schema => IsBetween(schema, last, to) && schema != last).MinBy(schema => Math.Abs(schema - last));
        return (last, next);
    }

    static MigrationLink<T>[] Useful<T>(int from, int to, IEnumerable<MigrationLink<T>> links) =>
        [.. links.Where(link => Math.Sign(link.To - link.From) == Math.Sign(to - from) && IsBetween(link.From, from, to) && IsBetween(link.To, from, to))];

    static bool IsBetween(int schema, int from, int to) => schema >= Math.Min(from, to) && schema <= Math.Max(from, to);

    static IReadOnlyList<MigrationLink<T>> Trace<T>(int from, int to, Dictionary<int, MigrationLink<T>> reachedBy)
    {
        var path = new List<MigrationLink<T>>();
        for (var at = to; at != from; at = path[^1].From) path.Add(reachedBy[at]);
        path.Reverse();
        return path;
    }

    static HashSet<int> Reached(int from, IEnumerable<(int From, int To)> links)
    {
        var (all, reached, waiting) = (links.ToArray(), new HashSet<int> { from }, new Queue<int>([from]));
        while (waiting.TryDequeue(out var at))
            foreach (var (start, end) in all)
                if (start == at && reached.Add(end)) waiting.Enqueue(end);
        return reached;
    }
}
