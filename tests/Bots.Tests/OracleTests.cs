using Evergrain.Bots.Judging;
using Evergrain.Contracts;

namespace Evergrain.Bots.Tests;

public sealed class OracleTests
{
    readonly Examples examples = new();

    [Fact]
    public void Damage_must_be_that_of_the_version_that_the_reply_names()
    {
        var oracle = new DamageOracle(examples);
        oracle.Judge("battle/x", "fireball", new("battle", "1.0.0"), 10);
        oracle.Judge("battle/x", "fireball", new("battle", "1.1.0"), 12);
        oracle.Judge("battle/x", "fireball", new("battle", "9.9.9"), 1);
        Assert.Equal((0L, 1L), (oracle.Totals().Wrong, oracle.Totals().Unknown));
        oracle.Judge("battle/x", "fireball", new("battle", "1.1.0"), 10);
        Assert.Equal(1, oracle.Totals().Wrong);
        Assert.Equal(2, oracle.Totals().ByVersion["battle@1.1.0"]);
    }

    [Fact]
    public void No_two_versions_do_the_same_damage_with_any_skill()
    {
        foreach (var skill in DamageTable.Skills)
            Assert.Equal(3, new[] { "1.0.0", "1.1.0", "2.0.0" }.Select(version => DamageTable.Of(new("battle", version), skill)!.Value).Distinct().Count());
    }

    // Frames every 50 ms from sequence 1 on; the change says what happens to one of them.
    static FrameWatch Watch(int count, Func<int, (long Sequence, long Frame, double At)?>? change = null)
    {
        var watch = new FrameWatch();
        for (var i = 1; i <= count; i++)
        {
            if (change is null) watch.Saw(i, i, i * 0.05);
            else if (change(i) is { } changed) watch.Saw(changed.Sequence, changed.Frame, changed.At);
        }
        return watch;
    }

    [Fact]
    public void Frames_without_gap_and_in_time_are_right()
    {
        var totals = Watch(200).Totals();
        Assert.Equal((200L, 0L, 0L, 1L, 0L), (totals.Seen, totals.Gaps, totals.SetBacks, totals.PaceJudged, totals.OffPace));
    }

    [Fact]
    public void A_frame_number_that_jumps_is_a_gap() =>
        Assert.Equal(1, Watch(100, i => (i, i < 50 ? i : i + 1, i * 0.05)).Totals().Gaps);

    [Fact]
    public void A_jump_that_missing_events_explain_is_none() =>
        Assert.Equal(0, Watch(100, i => i is 50 or 51 ? null : (i, i, i * 0.05)).Totals().Gaps);

    [Fact]
    public void A_jump_beyond_the_missing_events_is_a_gap() =>
        Assert.Equal(1, Watch(100, i => i == 50 ? null : (i, i < 50 ? i : i + 1, i * 0.05)).Totals().Gaps);

    [Fact]
    public void Events_of_other_names_count_as_events_and_not_as_frames()
    {
        var watch = new FrameWatch();
        Assert.Null(watch.Saw(1, 10, 0));
        Assert.Null(watch.Saw(2, null, 0.01));
        Assert.Null(watch.Saw(3, 11, 0.05));
        Assert.Equal(2, watch.Totals().Seen);
    }

    [Fact]
    public void A_room_that_goes_back_is_set_back_and_watched_anew()
    {
        var watch = Watch(100, i => i <= 50 ? (i, i, i * 0.05) : (i - 20, i - 20, 2 + i * 0.05));
        Assert.Equal((1L, 0L, 0L), (watch.Totals().SetBacks, watch.Totals().Gaps, watch.Totals().PaceJudged));
    }

    [Fact]
    public void A_frame_number_that_comes_twice_is_a_set_back()
    {
        var watch = new FrameWatch();
        watch.Saw(1, 5, 0);
        Assert.Contains("frame 5 came after 5", watch.Saw(2, 5, 0.05));
    }

    [Theory]
    [InlineData(20.0, 0)]
    [InlineData(19.8, 0)]
    [InlineData(18.9, 1)]
    [InlineData(21.5, 1)]
    public void A_room_must_keep_pace_with_time(double hertz, long off)
    {
        var totals = Watch(200, i => (i, i, i / hertz)).Totals();
        Assert.Equal((1L, off), (totals.PaceJudged, totals.OffPace));
    }

    [Fact]
    public void Events_that_are_late_on_their_way_do_not_count_against_the_pace()
    {
        var random = new Random(1);
        Assert.Equal(0, Watch(200, i => (i, i, i * 0.05 + random.NextDouble() * 0.4)).Totals().OffPace);
    }

    [Fact]
    public void A_pause_of_the_clock_is_off_the_pace() =>
        Assert.Equal(1, Watch(200, i => (i, i, i * 0.05 + (i > 100 ? 0.2 : 0))).Totals().OffPace);

    [Fact]
    public void Who_disturbed_the_watch_cannot_judge_the_pace()
    {
        var watch = Watch(200, i => (i, i, i * 0.06));
        watch.Disturb();
        Assert.Equal((0L, 0L), (watch.Totals().PaceJudged, watch.Totals().OffPace));
    }

    [Fact]
    public void Gold_that_nobody_gave_and_gold_that_is_gone_are_seen()
    {
        var gold = new GoldAccount(examples);
        gold.Opened(5);
        gold.Rewarded(8);
        gold.RoomEnded("battle/x", "ann", 10, 2);
        gold.RoomEnded("battle/x", "ann", 10, 2);
        gold.RoomEnded("battle/y", null, 0, 2);
        Assert.Equal((23L, 0L), (gold.Totals(23).Expected, gold.Totals(23).Off));
        Assert.Equal((1L, -3L), (gold.Totals(24).Off, gold.Totals(20).Off));
    }

    [Fact]
    public void Two_ends_of_one_match_are_seen()
    {
        var gold = new GoldAccount(examples);
        gold.RoomEnded("battle/x", "ann", 10, 2);
        gold.RoomEnded("battle/x", "bob", 10, 2);
        Assert.Equal((1L, 10L), (gold.Totals(10).Disputes, gold.Totals(10).Prizes));
    }
}
