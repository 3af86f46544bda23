using System.Security.Cryptography;
using System.Text;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Runtime;

namespace Evergrain.Core.Operators;

/// <summary>Export, import and check of stored records, page by page. Safe from any thread.</summary>
/// <remarks>
/// An import is judged whole before any of it is applied: the client sends every part as a dry run first, and all problems come back with their lines. Then
/// it is applied part by part, each all or nothing in its judgement, and it is resumable: a record that is there in the same state is unchanged, so the same import can be
/// run again after it was broken off. An imported record is stamped with this cluster's incarnation and epoch.
/// </remarks>
/// <param name="forget">The record of an entity was replaced: silos that have it in memory forget it.</param>
public sealed class StateTransfer(IEntityStore store, IClusterStore cluster, IPackageStore packages, Func<EntityId, CancellationToken, Task> forget)
{
    const int ReadAtOnce = 500, CheckAtOnce = 2_000;
    const long MostCharacters = 8 << 20; // of a page; the last line may go beyond

    /// <exception cref="FindingsException"><c>store-cannot</c>.</exception>
    public async Task<ExportPage> Export(string? kind, EntityId? after, int limit)
    {
        store.Need(StoreCapabilities.Scan, "export");
        var page = await StoreAnswers.Asked(() => store.List(new EntityQuery(kind, Math.Min(limit, ReadAtOnce), after)));
        var (lines, characters) = (new List<string>(), 0L);
        foreach (var record in page.Records)
        {
            lines.Add(RecordLine.Encode(record));
            characters += lines[^1].Length;
            if (characters > MostCharacters && record != page.Records[^1])
                return new ExportPage(lines, [.. page.Unreadable.Select(one => one.Id).Where(id => EntityQuery.Order.Compare(id, record.Id) < 0)]) { Next = record.Id };
        }
        return new ExportPage(lines, [.. page.Unreadable.Select(one => one.Id)]) { Next = page.Next };
    }

    /// <exception cref="FindingsException"><c>store-cannot</c>.</exception>
    public async Task<StateReport> Check(string? kind, EntityId? after, CancellationToken cancellation)
    {
        store.Need(StoreCapabilities.Scan, "check its state");
        var check = await Judge(cancellation);
        var page = await StoreAnswers.Asked(() => store.List(new EntityQuery(kind, CheckAtOnce, after)));
        var found = page.Records.Select(record => check.Check(record).ToArray()).Where(findings => findings.Length > 0)
            .Concat(page.Unreadable.Select(one => new[] { StateCheck.Unreadable(one) })).ToArray();
        var all = found.SelectMany(findings => findings).ToArray();
        return new StateReport(page.Records.Count + page.Unreadable.Count, all.CountBy(finding => finding.Code).ToDictionary(pair => pair.Key, pair => (long)pair.Value), [.. all.Take(StateReport.MaxExamples)])
        {
            Bad = found.Length, Kept = page.Records.Sum(check.Kept), Next = page.Next,
        };
    }

    /// <param name="lines">At most <see cref="ExportPage.MaxLines"/>.</param>
    /// <exception cref="FindingsException">Everything that is wrong with the lines; nothing of them was applied.</exception>
    public async Task<ImportReport> Import(IReadOnlyList<string> lines, ImportRequest request, CancellationToken cancellation)
    {
        var current = await StoreAnswers.Asked(() => cluster.Read(cancellation));
        var check = new StateCheck(current.Release, await StoreAnswers.Asked(() => packages.List(cancellation)));
        var (findings, seen, plans) = (new List<Finding>(), new HashSet<EntityId>(), new List<Plan>());
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Length == 0) continue;
            var where = $"line {request.FirstLine + i}";
            if (Read(lines[i], where, seen, check, findings) is not { } record) continue;
            var plan = await Compare(record, current, lines[i]);
            if (plan.Fate == Fate.Differs && request.Existing == ExistingEntities.Refuse)
                findings.Add(new Finding("import/exists", where, $"{record.Id} is there already, in another state.", "Import with --existing skip or --existing replace, or take the line out."));
            plans.Add(plan);
        }
        if (findings.Count > 0)
            throw new FindingsException(ErrorCodes.BadRequest, $"{findings.Count} things are wrong with these {lines.Count} lines; none was applied.", "Mend every finding and import again.", findings);
        var due = plans.Where(plan => plan.Fate == Fate.New || plan.Fate == Fate.Differs && request.Existing == ExistingEntities.Replace).ToArray();
        if (!request.DryRun && due.Length > 0) await Apply(due, cancellation);
        return new ImportReport(due.Count(plan => plan.Fate == Fate.New), due.Count(plan => plan.Fate == Fate.Differs),
            plans.Count(plan => plan.Fate == Fate.Differs) - due.Count(plan => plan.Fate == Fate.Differs), plans.Count(plan => plan.Fate == Fate.Same));
    }

    static EntityRecord? Read(string line, string where, HashSet<EntityId> seen, StateCheck check, List<Finding> findings)
    {
        try
        {
            var record = RecordLine.Decode(line);
            if (!seen.Add(record.Id)) findings.Add(new Finding("import/twice", where, $"{record.Id} is there twice.", "Take one of the lines out."));
            var problems = check.Check(record).ToArray();
            findings.AddRange(problems.Select(problem => problem with { Where = $"{where}, {problem.Where}" }));
            return problems.Length == 0 ? record : null;
        }
        catch (FormatException wrong)
        {
            findings.Add(new Finding("import/bad-line", where, wrong.Message, "Take the line from an export, or mend it."));
            return null;
        }
    }

    async Task<Plan> Compare(EntityRecord record, ClusterRecord current, string line)
    {
        EntityRecord? there = null;
        UnreadableRecord? garbled = null;
        try
        {
            there = await store.Read(record.Id);
        }
        catch (UnreadableRecordException unreadable)
        {
            garbled = unreadable.Record;
        }
        catch (StoreUnavailableException unavailable)
        {
            await StoreAnswers.Asked<int>(() => throw unavailable);
        }
        var etag = garbled?.Etag ?? there?.Etag;
        var stamped = Stamped(record, current, there?.Epoch ?? 0) with { WriteId = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{line}{etag}")).AsSpan(0, 16)) };
        var fate = etag is null ? Fate.New : there is not null && Content(there) == Content(stamped) ? Fate.Same : Fate.Differs;
        return new Plan(new EntityWrite(stamped, etag), fate);
    }

    // What another cluster, or another life of this one, saw is nothing here: a send that waited for its epoch would wait for ever.
    static EntityRecord Stamped(EntityRecord record, ClusterRecord current, long epoch)
    {
        var now = Math.Max(current.Epoch, epoch);
        return record with
        {
            Incarnation = current.Incarnation,
            Epoch = now,
            Etag = "",
            Slices = [.. record.Slices.Select(slice => slice with { Epoch = Math.Min(slice.Epoch, now) })],
            Extras = record.Extras.Outbox.Values.All(entry => entry.Epoch <= current.Epoch) ? record.Extras
                : record.Extras with { Outbox = record.Extras.Outbox.SetItems(record.Extras.Outbox.Values.Where(entry => entry.Epoch > current.Epoch).Select(entry => KeyValuePair.Create(entry.Number, entry with { Epoch = current.Epoch }))) },
        };
    }

    static string Content(EntityRecord record) => RecordLine.Encode(record with { Incarnation = 0, Epoch = 0, WriteId = Guid.Empty });

    async Task Apply(Plan[] due, CancellationToken cancellation)
    {
        var outcomes = await StoreAnswers.Asked(() => store.Write([.. due.Select(plan => plan.Write)]), Ran.Unknown);
        foreach (var plan in due) await forget(plan.Write.Record.Id, cancellation);
        var failed = due.Zip(outcomes).Where(pair => pair.Second.Etag is null).Select(pair => pair.Second.Refused is { } refused
            ? new Finding($"import/{refused.Code}", pair.First.Write.Record.Id.ToString(), refused.Message, refused.Next)
            : new Finding("import/conflict", pair.First.Write.Record.Id.ToString(), $"{pair.First.Write.Record.Id} was written by a silo meanwhile.", "Import again.")).ToArray();
        if (failed.Length > 0)
            throw new FindingsException(ErrorCodes.StoreConflict, $"{failed.Length} of {due.Length} entities were not written; the others were.", "Import again: what was written is left as it is.", failed);
    }

    async Task<StateCheck> Judge(CancellationToken cancellation) =>
        new((await StoreAnswers.Asked(() => cluster.Read(cancellation))).Release, await StoreAnswers.Asked(() => packages.List(cancellation)));

    enum Fate { New, Same, Differs }

    sealed record Plan(EntityWrite Write, Fate Fate);
}
