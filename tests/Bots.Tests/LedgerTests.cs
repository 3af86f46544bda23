using Evergrain.Bots.Judging;
using Evergrain.Bots.Tests.Table;
using Evergrain.Contracts;

namespace Evergrain.Bots.Tests;

public sealed class LedgerTests
{
    static readonly ModuleId Battle = new("battle", "1.0.0");
    readonly Examples examples = new();
    readonly Ledger ledger;

    public LedgerTests() => ledger = new Ledger(new SimulatedTime(), examples);

    Guid Sent(long seenEpoch = 0, bool polite = true)
    {
        var key = Guid.CreateVersion7();
        ledger.Sent(key, "battle.cast", seenEpoch, polite);
        return key;
    }

    static CallReply Reply(long epoch = 1, string result = "{}") => new() { Module = Battle, Epoch = epoch, Result = System.Text.Encoding.UTF8.GetBytes(result) };
    static CallReply Error(string code, string? reason = null, long epoch = 1, ModuleId module = default) =>
        CallReply.Failed(new CallError(code, Ran.No, "No.", "Later.") { Reason = reason }, epoch, module);

    [Fact]
    public void An_answered_call_is_neither_lost_nor_open()
    {
        ledger.Answered(Sent(), Reply());
        var totals = ledger.Totals();
        Assert.Equal((1L, 1L, 0L, 0L, 0L), (totals.Calls, totals.Succeeded, totals.Open, totals.Lost, totals.AnsweredTwice));
    }

    [Fact]
    public void A_call_without_answer_is_open_and_then_lost()
    {
        var key = Sent();
        Assert.Equal(1, ledger.Totals().Open);
        ledger.Lost(key);
        Assert.Equal((0L, 1L), (ledger.Totals().Open, ledger.Totals().Lost));
        Assert.Contains(examples.All, text => text.StartsWith("lost:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_second_answer_is_seen()
    {
        var key = Sent();
        ledger.Answered(key, Reply());
        ledger.Answered(key, Reply());
        Assert.Equal((1L, 1L), (ledger.Totals().Succeeded, ledger.Totals().AnsweredTwice));
    }

    [Theory]
    [InlineData(7, 7, 0)]
    [InlineData(7, 8, 0)]
    [InlineData(7, 6, 1)]
    public void An_epoch_goes_back_against_what_the_caller_had_seen_when_it_sent(long seen, long ran, long breaches)
    {
        ledger.Answered(Sent(seen), Reply(ran));
        Assert.Equal(breaches, ledger.Totals().EpochBack);
    }

    [Fact]
    public void Two_calls_at_once_may_be_answered_in_any_order_of_epochs()
    {
        var (one, other) = (Sent(seenEpoch: 3), Sent(seenEpoch: 3));
        ledger.Answered(other, Reply(4));
        ledger.Answered(one, Reply(3));
        Assert.Equal(0, ledger.Totals().EpochBack);
    }

    [Fact]
    public void A_refusal_by_a_door_ran_at_no_epoch_but_one_by_the_rules_did()
    {
        ledger.Answered(Sent(seenEpoch: 5), Error(ErrorCodes.Overloaded, epoch: 4));
        Assert.Equal(0, ledger.Totals().EpochBack);
        ledger.Answered(Sent(seenEpoch: 5), Error(ErrorCodes.Rejected, "cooldown", epoch: 4, module: Battle));
        Assert.Equal(1, ledger.Totals().EpochBack);
    }

    [Fact]
    public void A_call_sent_again_must_be_answered_alike()
    {
        ledger.Resent(Guid.NewGuid(), "wallet.transfer", Reply(1, """{"balance":3}"""), Reply(2, """{"balance":3}"""));
        ledger.Resent(Guid.NewGuid(), "wallet.transfer", Error(ErrorCodes.Rejected), Error(ErrorCodes.Rejected));
        Assert.Equal(0, ledger.Totals().RepliesChanged);
        ledger.Resent(Guid.NewGuid(), "wallet.transfer", Reply(1, """{"balance":3}"""), Reply(1, """{"balance":2}"""));
        ledger.Resent(Guid.NewGuid(), "wallet.transfer", Reply(), Error(ErrorCodes.KeyExpired));
        Assert.Equal(2, ledger.Totals().RepliesChanged);
    }

    [Fact]
    public void Errors_are_counted_by_code_and_reason_and_rough_bots_apart()
    {
        ledger.Answered(Sent(), Reply());
        ledger.Answered(Sent(), Error(ErrorCodes.Rejected, "cooldown"));
        ledger.Answered(Sent(polite: false), Error(ErrorCodes.Overloaded));
        var totals = ledger.Totals();
        Assert.Equal(new Dictionary<string, long> { ["overloaded"] = 1, ["rejected:cooldown"] = 1 }, totals.Errors);
        Assert.Equal((2L, 0.5), (totals.PoliteCalls, totals.PoliteShare));
    }

    [Fact]
    public void What_is_remembered_of_answered_calls_is_bounded()
    {
        var first = Sent();
        ledger.Answered(first, Reply());
        for (var i = 0; i < Ledger.Remembered + 10; i++) ledger.Answered(Sent(), Reply());
        ledger.Answered(first, Reply());
        Assert.Contains(examples.All, text => text.Contains("never sent"));
    }

    [Fact]
    public void Percentiles_are_right_within_a_sixteenth()
    {
        var histogram = new LatencyHistogram();
        for (var ms = 1; ms <= 1000; ms++) histogram.Add(TimeSpan.FromMilliseconds(ms));
        Assert.InRange(histogram.PercentileMs(0.5), 500, 532);
        Assert.InRange(histogram.PercentileMs(0.99), 990, 1000);
        Assert.Equal((1000, 1000L), (histogram.MaxMs, histogram.Count));
        histogram.Clear();
        Assert.Equal((0, 0), (histogram.PercentileMs(0.5), histogram.MaxMs));
    }
}
