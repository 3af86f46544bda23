using System.Globalization;

namespace Evergrain.Bots.Judging;

/// <summary>Says which of all that was found must not be.</summary>
public static class Verdict
{
    /// <summary>The part of calls by bots with good manners that must succeed, so that refusing work is no way to lose nothing.</summary>
    public const double LeastPoliteShare = 0.95;

    public static IReadOnlyList<string> Of(BotReport report, bool faultsExpected)
    {
        var breaches = new List<string>();
        var (calls, frames, gold) = (report.Calls, report.Frames, report.Gold);
        Count("lost", calls.Lost + calls.Open);
        Count("answered-twice", calls.AnsweredTwice);
        Count("reply-changed", calls.RepliesChanged);
        Count("epoch-back", calls.EpochBack);
        Count("wrong-damage", report.Damage.Wrong);
        Count("frame-gap", frames.Gaps);
        if (!faultsExpected) Count("frame-pace", frames.OffPace);
        if (!faultsExpected) Count("set-back", frames.SetBacks);
        if (gold.Found is null) breaches.Add("gold-unread");
        Count("gold-created", Math.Max(0, gold.Off));
        Count("gold-destroyed", Math.Max(0, -gold.Off));
        Count("two-ends", gold.Disputes);
        Count("unfinished", report.Activity.Unfinished);
        Count("bot-failed", report.Activity.FailedBots);
        Count("nonsense-answered", report.Activity.NonsenseAnswered);
        Count("stampede-unanswered", report.Stampede?.Unanswered ?? 0);
        if (calls.PoliteShare < LeastPoliteShare)
            breaches.Add(string.Create(CultureInfo.InvariantCulture, $"too-few-succeeded: {calls.PoliteShare:P1}"));
        return breaches;

        void Count(string name, long count)
        {
            if (count > 0) breaches.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: {count}"));
        }
    }
}
