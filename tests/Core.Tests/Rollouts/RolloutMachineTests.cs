using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;
using Evergrain.Runtime;

namespace Evergrain.Core.Tests.Rollouts;

/// <summary>The machine by itself: what it wants done when it is asked at a moment at which the shells around it would not have asked.</summary>
public sealed class RolloutMachineTests
{
    static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly RolloutOptions Options = new();
    static readonly PackageRef Old = new("battle", "1.0.0", "old"), Next = new("battle", "2.0.0", "next");
    static readonly EnrolledSilo S1 = new("s1", Guid.NewGuid(), Noon);

    [Theory]
    [InlineData(RolloutPhase.Requested, true)]
    [InlineData(RolloutPhase.Preparing, true)]
    [InlineData(RolloutPhase.Prepared, true)]
    [InlineData(RolloutPhase.Draining, false)]
    [InlineData(RolloutPhase.Aborting, false)]
    [InlineData(RolloutPhase.Permanent, false)]
    [InlineData(RolloutPhase.Aborted, false)]
    public void An_abort_is_possible_until_the_commit_and_never_after_it(RolloutPhase phase, bool possible)
    {
        var asked = new RolloutEvent.AbortAsked("r1", "ann", null);

        Assert.Equal(possible ? RolloutPhase.Aborting : null, Wanted(In(phase), asked)?.Rollout?.Phase);
        Assert.Null(Wanted(In(phase), asked with { RolloutId = "another" }));
    }

    [Theory]
    [InlineData(RolloutPhase.Requested, false)]
    [InlineData(RolloutPhase.Preparing, false)]
    [InlineData(RolloutPhase.Prepared, false)]
    [InlineData(RolloutPhase.Draining, false)]
    [InlineData(RolloutPhase.Aborting, false)]
    [InlineData(RolloutPhase.Permanent, true)]
    [InlineData(RolloutPhase.Aborted, true)]
    public void A_rollout_begins_only_where_none_runs(RolloutPhase phase, bool possible)
    {
        var state = In(phase);
        var asked = new RolloutEvent.Requested(Rollout(RolloutPhase.Requested) with { Id = "r2", FromEpoch = state.Record.Epoch });

        Assert.Equal(possible ? "r2" : null, Wanted(state, asked)?.Rollout?.Id);
    }

    [Fact]
    public void A_rollout_that_was_planned_against_another_release_does_not_begin()
    {
        var state = In(RolloutPhase.Permanent);
        var asked = new RolloutEvent.Requested(Rollout(RolloutPhase.Requested) with { Id = "r2", FromEpoch = state.Record.Epoch - 1 });

        Assert.Null(Wanted(state, asked));
    }

    [Theory]
    [InlineData(RolloutPhase.Draining, true)]
    [InlineData(RolloutPhase.Prepared, false)]
    [InlineData(RolloutPhase.Aborting, false)]
    [InlineData(RolloutPhase.Permanent, false)]
    public void Draining_is_ended_for_an_undo_and_no_other_phase_is(RolloutPhase phase, bool possible)
    {
        var asked = new RolloutEvent.UndoAsked("r1");

        Assert.Equal(possible ? RolloutPhase.Permanent : null, Wanted(In(phase), asked)?.Rollout?.Phase);
        Assert.Null(Wanted(In(phase), asked with { RolloutId = "another" }));
    }

    [Fact]
    public void A_step_wants_one_write_and_says_all_else_behind_it()
    {
        var (_, effects) = RolloutMachine.Step(In(RolloutPhase.Requested), new RolloutEvent.AbortAsked("r1", "ann", null), Noon, Options);

        var write = Assert.IsType<RolloutEffect.WriteRecord>(Assert.Single(effects));
        Assert.Equal([typeof(RolloutEffect.PhaseEntered), typeof(RolloutEffect.HintSilos)], write.Then.Select(effect => effect.GetType()));
    }

    [Theory]
    [InlineData("next", true)]
    [InlineData("other bytes", false)]
    public void Only_the_very_digest_counts_as_prepared(string digest, bool counts)
    {
        var prepared = new PackageReport(Next with { Digest = digest }, PrepareState.Prepared, 1, 1, []);
        var wanted = Wanted(In(RolloutPhase.Preparing), new RolloutEvent.Reported(Report(RolloutPhase.Preparing, 4) with { Packages = [prepared] }));

        Assert.Equal(counts ? RolloutPhase.Prepared : null, wanted?.Rollout?.Phase);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(4, false)]
    public void A_silo_that_does_not_serve_the_epoch_yet_has_not_drained_what_it_replaced(long epoch, bool done)
    {
        var wanted = Wanted(In(RolloutPhase.Draining), new RolloutEvent.Reported(Report(RolloutPhase.Draining, epoch)));

        Assert.Equal(done ? RolloutPhase.Permanent : null, wanted?.Rollout?.Phase);
    }

    // Found by the simulator: the commit passed over a silo that served.
    [Fact]
    public void A_silo_that_comes_back_under_its_name_has_not_been_missing()
    {
        var later = Noon + Options.LeftAfter;
        var (state, _) = RolloutMachine.Step(In(RolloutPhase.Permanent), new RolloutEvent.Ticked([]), Noon, Options);
        var back = state.Record with { Silos = [S1 with { Instance = Guid.NewGuid() }], Etag = "2" };

        Assert.Empty(Assert.IsType<RolloutEffect.WriteRecord>(Assert.Single(RolloutMachine.Step(state, new RolloutEvent.RecordRead(state.Record), later, Options).Effects)).Next.Silos);
        Assert.Empty(RolloutMachine.Step(state, new RolloutEvent.RecordRead(back), later, Options).Effects);
    }

    // Found by the simulator: a version grain whose view of the membership was old took a silo out that had joined since.
    [Fact]
    public void A_silo_that_reports_is_there_whatever_the_membership_says()
    {
        var (missing, _) = RolloutMachine.Step(In(RolloutPhase.Permanent), new RolloutEvent.Ticked([]), Noon, Options);
        var (heard, _) = RolloutMachine.Step(missing, new RolloutEvent.Reported(Report(RolloutPhase.Permanent, 5)), Noon + Options.LeftAfter / 2, Options);

        Assert.Empty(RolloutMachine.Step(heard, new RolloutEvent.RecordRead(heard.Record), Noon + Options.LeftAfter, Options).Effects);
    }

    static SiloReport Report(RolloutPhase phase, long epoch) =>
        new() { Silo = S1.Id, Instance = S1.Instance, Sequence = 1, Epoch = epoch, RolloutId = "r1", Phase = phase, Packages = [], Slots = [] };

    static ClusterRecord? Wanted(RolloutState state, RolloutEvent happened) =>
        RolloutMachine.Step(state, happened, Noon, Options).Effects.OfType<RolloutEffect.WriteRecord>().SingleOrDefault()?.Next;

    static RolloutState In(RolloutPhase phase)
    {
        var committed = phase is RolloutPhase.Draining or RolloutPhase.Permanent;
        var release = new Release { Epoch = committed ? 5 : 4, Packages = [committed ? Next : Old], Migrators = [], Changes = [], Actor = "ann", At = Noon, RolloutId = committed ? "r1" : "r0" };
        var record = new ClusterRecord { Incarnation = 1, WriteId = Guid.NewGuid(), Etag = "1", Release = release, Rollout = Rollout(phase) with { Epoch = committed ? 5 : null }, Silos = [S1] };
        return RolloutState.Begin(record, Noon);
    }

    static Rollout Rollout(RolloutPhase phase) => new()
    {
        Id = "r1", Phase = phase, FromEpoch = 4, Packages = [Next], Migrators = [], Replaced = [Old], Changes = [], Actor = "ann",
        TraceId = new string('0', 32), PrepareRetries = 0, Allowed = TimeSpan.FromSeconds(30), RequestedAt = Noon, Timings = [],
    };
}
