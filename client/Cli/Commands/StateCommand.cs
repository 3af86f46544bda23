using System.CommandLine;
using Evergrain.Cli.Ops;
using Evergrain.Cli.Screens;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain state check</c>: reads every stored record, page by page.</summary>
internal static class StateCommand
{
    static readonly TimeSpan Long = TimeSpan.FromHours(1);

    public static Command Create(CommonOptions common)
    {
        var kind = new Option<string?>("--kind") { Description = "Only this kind.", HelpName = "KIND", CustomParser = Arguments.Kind };
        var check = new Command("check", "Read every stored record against the published schemas, and say what would not load.") { kind };
        common.Handle(check, async (parsed, session) =>
        {
            using var patience = session.Patience(Long);
            var report = await Whole(parsed.GetValue(kind), session, patience);
            session.Print(report, OpsJson.Lenient.StateReport, StateScreen.Of);
            return report.Bad == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return new Command("state", "Look after what is stored.") { check };
    }

    static async Task<StateReport> Whole(string? kind, Session session, Patience patience)
    {
        var (problems, examples) = (new SortedDictionary<string, long>(StringComparer.Ordinal), new List<Finding>());
        var (read, bad, kept) = (0L, 0L, 0L);
        EntityId? after = null;
        do
        {
            var page = await session.Ops.CheckState(kind, after, patience);
            foreach (var (code, count) in page.Problems) problems[code] = problems.GetValueOrDefault(code) + count;
            examples.AddRange(page.Examples.Take(StateReport.MaxExamples - examples.Count));
            (read, bad, kept, after) = (read + page.Read, bad + page.Bad, kept + page.Kept, page.Next);
        }
        while (after is not null);
        return new StateReport(read, problems, examples) { Bad = bad, Kept = kept };
    }
}
