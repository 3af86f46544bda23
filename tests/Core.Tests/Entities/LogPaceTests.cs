using Evergrain.Contracts;
using Evergrain.Core.Entities;
using Evergrain.Core.Tests.Entities.Lab;
using Evergrain.Core.Tests.Time;
using Evergrain.ModuleSdk;

namespace Evergrain.Core.Tests.Entities;

public sealed class LogPaceTests
{
    [Fact]
    public void A_frame_handler_that_fails_is_told_once_and_then_every_ten_seconds_with_the_number_left_out()
    {
        using var world = new World();
        world.Serve(2, TestTables.Slot<FailingModule>("failing", "1.0.0"));
        world.Call("failing/a", "failing.start");
        world.Call("failing/b", "failing.start");
        world.Advance(0.5);
        Assert.Contains("failing/", Assert.Single(world.Written.Lines));
        world.Advance(9);
        Assert.Single(world.Written.Lines);
        world.Advance(1);

        Assert.Equal(2, world.Written.Lines.Count);
        Assert.Contains("no frame succeeds", world.Written.Lines[1]);
        // Two rooms at 20 Hz for ten seconds, without the two that were told.
        Assert.Contains("and 399 more such of kind failing", world.Written.Lines[1]);
    }

    [Fact]
    public void Another_operation_and_another_version_are_told_at_once()
    {
        using var world = new World();
        world.Serve(2, TestTables.Slot<FailingModule>("failing", "1.0.0"));
        for (var i = 0; i < 3; i++) world.Call("failing/a", "failing.fail");
        world.Call("failing/a", "failing.start");
        world.Advance(1);
        Assert.Equal(2, world.Written.Lines.Count);
        world.Serve(3, TestTables.Slot<FailingModule>("failing", "1.1.0"));
        world.Call("failing/a", "failing.fail");

        Assert.Contains("failing@1.1.0", world.Written.Lines[^1]);
    }

    [Fact]
    public void The_number_of_subjects_is_bounded_and_quiet_ones_make_room()
    {
        var time = new ManualTimeProvider();
        var pace = new LogPace<LogSubject>(time);
        for (var i = 0; i < LogPace<LogSubject>.MaxSubjects; i++) Assert.True(pace.Allows(Subject(i), out _));
        Assert.False(pace.Allows(Subject(LogPace<LogSubject>.MaxSubjects), out _));
        Assert.False(pace.Allows(Subject(0), out _));
        time.Advance(LogPace<LogSubject>.Between);

        Assert.True(pace.Allows(Subject(0), out var leftOut));
        Assert.Equal(1, leftOut);
        Assert.True(pace.Allows(Subject(LogPace<LogSubject>.MaxSubjects), out _));

        static LogSubject Subject(int i) => new("fault", "room", $"room.{i}", new ModuleId("room", "1.0.0"));
    }

    sealed class FailingModule : GameModule
    {
        public override void Configure(ModuleBuilder module) => module
            .Json(LabJson.Default)
            .Owns("failing", 1, _ => Box.Empty)
            .Operation<Nothing, Nothing>("start", (turn, n) => { turn.StartFrames(); return n; })
            .Operation<Nothing, Nothing>("fail", (turn, n) => turn.State.Count < 0 ? n : throw new InvalidOperationException("no call succeeds"))
            .Frame(turn => throw new InvalidOperationException("no frame succeeds"));
    }
}
