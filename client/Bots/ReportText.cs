using System.Globalization;
using System.Text;

namespace Evergrain.Bots;

/// <summary>The report for people, as plain text.</summary>
public static class ReportText
{
    public static string Of(BotReport report)
    {
        var text = new StringBuilder();
        var (calls, gold, frames, did) = (report.Calls, report.Gold, report.Frames, report.Activity);
        Row("players", $"{report.Players:N0}, {report.RoughPlayers:N0} of them rough, for {report.Seconds:0.0} s, seed {report.Seed}");
        Row("calls", $"{calls.Calls:N0}, {calls.Succeeded:N0} succeeded; of those with good manners {calls.PoliteShare:P2}");
        Row("latency", $"p50 {calls.P50Ms:0.0} ms, p99 {calls.P99Ms:0.0} ms, max {calls.MaxMs:0.0} ms");
        Row("errors", calls.Errors.Count == 0 ? (FormattableString)$"none" : $"{string.Join(", ", calls.Errors.Select(error => $"{error.Key} {error.Value:N0}"))}");
        Row("lost", $"{calls.Lost:N0}, answered twice {calls.AnsweredTwice:N0}, reply changed {calls.RepliesChanged:N0}, epoch back {calls.EpochBack:N0} (highest {calls.HighestEpoch})");
        Row("casts", $"{string.Join(", ", report.Damage.ByVersion.Select(version => $"{version.Key} {version.Value:N0}"))}; wrong {report.Damage.Wrong:N0}, not judged {report.Damage.Unknown:N0}");
        Row("frames", $"{frames.Seen:N0}, gaps {frames.Gaps:N0}, set back {frames.SetBacks:N0}; pace of {frames.PaceJudged:N0} rooms judged, {frames.OffPace:N0} off, worst by {frames.WorstDrift:0.0} frames");
        Row("gold", $"{gold.Found?.ToString("N0", CultureInfo.InvariantCulture) ?? "unread"}, expected {gold.Expected:N0} = {gold.Opening:N0} at first + {gold.Prizes:N0} prizes + {gold.Rewards:N0} rewards");
        Row("did", $"{did.Matches:N0} matches, {did.Quests:N0} quests, {did.Trades:N0} trades; {did.Drops:N0} drops, {did.Resends:N0} resends, {did.Pauses:N0} pauses, {did.Rubbish:N0} × rubbish");
        if (report.Stampede is { } stampede)
            Row("stampede", $"{stampede.Players:N0} in {stampede.Seconds:0.0} s: {stampede.Answered:N0} in, {stampede.Refused:N0} refused, {stampede.Unanswered:N0} unanswered; p99 {stampede.P99Ms:0} ms");
        foreach (var example in report.Examples) Row("seen", $"{example}");
        Row("breaches", report.Ok ? (FormattableString)$"none" : $"{string.Join(", ", report.Breaches)}");
        return text.ToString();

        void Row(string name, FormattableString value) => text.Append(name.PadRight(10)).AppendLine(value.ToString(CultureInfo.InvariantCulture));
    }
}
