using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Core.Tests.Rollouts;

public sealed class RequestTests
{
    [Fact]
    public void Everything_that_is_wrong_with_a_request_is_said_at_once_and_nothing_is_applied()
    {
        var world = World.Serving(1, "battle@1.0.0");
        var etag = world.Record.Etag;

        var refused = world.Refused(() => world.Grain.StartRollout(new RolloutRequest
        {
            Modules = [new("battle", "9.9.9"), new("chess", "1.0.0"), new("chess", "1.0.1")],
            DeadlineSeconds = 0, PrepareRetries = 11, Reason = new string('x', 1001),
        }, "ann"));

        Assert.Equal(ErrorCodes.BadRequest, refused.Code);
        Assert.Equal(["bad-request", "bad-request", "bad-request", "bad-request", "unknown-version", "unknown-module", "unknown-module"], refused.Findings.Select(finding => finding.Code));
        Assert.Contains("1.0.0", refused.Findings[4].Message);
        Assert.Equal(etag, world.Record.Etag);
    }

    [Fact]
    public void A_request_that_names_no_module_is_refused() =>
        Assert.Equal(ErrorCodes.BadRequest, Refusal(new RolloutRequest { Modules = [] }).Code);

    [Fact]
    public void An_unknown_module_is_refused_with_its_code() =>
        Assert.Equal(ErrorCodes.UnknownModule, Refusal(new RolloutRequest { Modules = [new("chess", "1.0.0")] }).Code);

    [Fact]
    public void What_serves_already_is_nothing_to_do() =>
        Assert.Equal(ErrorCodes.NothingToDo, Refusal(new RolloutRequest { Modules = [new("battle", "1.0.0")] }).Code);

    static FindingsException Refusal(RolloutRequest request)
    {
        var world = World.Serving(1, "battle@1.0.0");
        return world.Refused(() => world.Grain.StartRollout(request, "ann"));
    }

    [Fact]
    public void Of_two_rollouts_at_once_one_is_refused()
    {
        var world = World.Serving(2, "battle@1.0.0");
        world.Packages.Publish("battle", "1.1.0");
        world.Packages.Publish("battle", "1.2.0");

        var one = world.Grain.StartRollout(new() { Modules = [new("battle", "1.1.0")] }, "ann");
        var other = world.Grain.StartRollout(new() { Modules = [new("battle", "1.2.0")] }, "bob");
        world.Run(5);

        Assert.Equal(one.Result.Id, world.Record.Rollout!.Id);
        var refused = Assert.Throws<FindingsException>(() => world.Answer(other));
        Assert.Equal((ErrorCodes.RolloutRunning, one.Result.Id), (refused.Code, refused.Findings.Single().Where));
        Assert.Equal(["battle@1.1.0"], world.Serves("s1"));
    }

    [Fact]
    public void An_unknown_rollout_is_said_to_be_so()
    {
        var world = World.Serving(1, "battle@1.0.0");
        Assert.Equal(ErrorCodes.UnknownRollout, world.Refused(() => world.Grain.Rollout("nothing")).Code);
    }

    [Fact]
    public void A_store_that_does_not_answer_is_said_to_be_unavailable()
    {
        var world = World.Serving(1, "battle@1.0.0");
        world.Packages.Publish("battle", "1.1.0");
        world.Alive().Store.Dead = true;
        var grain = world.VersionGrains[0].Grain;
        Unavailable(Ran.No, () => world.Answer(grain.History()));
        Unavailable(Ran.Unknown, () => world.Answer(grain.StartRollout(new RolloutRequest { Modules = [new ModuleId("battle", "1.1.0")] }, "ann")));

        static void Unavailable(Ran ran, Action ask)
        {
            var error = Assert.Throws<CallFailedException>(ask).Error;
            Assert.Equal((ErrorCodes.StoreUnavailable, ran, 1000), (error.Code, error.Ran, error.RetryAfterMs));
        }
    }

    [Fact]
    public void A_store_without_room_is_said_to_be_full_and_the_rollout_did_not_begin()
    {
        var world = World.Serving(1, "battle@1.0.0");
        world.Packages.Publish("battle", "1.1.0");
        world.Alive().Store.Fault = _ => WriteFault.Full;
        var error = Assert.Throws<CallFailedException>(() => world.Start("battle@1.1.0")).Error;
        Assert.Equal((ErrorCodes.StoreFull, Ran.No, 5000), (error.Code, error.Ran, error.RetryAfterMs));

        world.Alive().Store.Fault = _ => WriteFault.None;
        Assert.Equal(world.Start("battle@1.1.0"), world.Record.Rollout!.Id);
    }

    [Fact]
    public void A_mistake_of_ours_is_not_told_as_trouble_of_the_store()
    {
        var world = World.Serving(1, "battle@1.0.0");
        world.Alive().Store.ReadsWait = Task.FromException(new NotSupportedException("a mistake"));
        Assert.Throws<NotSupportedException>(() => world.Answer(world.Grain.Current()));
    }

    [Fact]
    public void The_last_hundred_releases_and_rollouts_are_kept()
    {
        var world = World.Serving(1, "battle@1.0.0");
        var first = world.Record.Rollout!.Id;
        world.Packages.Publish("battle", "1.1.0");
        var last = "";
        for (var i = 0; i < 101; i++)
        {
            last = world.Start(i % 2 == 0 ? "battle@1.1.0" : "battle@1.0.0");
            world.Run(1.5);
        }

        var history = world.Answer(world.Grain.History());
        Assert.Equal((100, 102L, 3L), (history.Count, history[0].Epoch, history[^1].Epoch));
        Assert.Equal(RolloutPhase.Permanent, world.Status(last).Phase);
        Assert.Equal(RolloutPhase.Permanent, world.Status(history[^1].RolloutId!).Phase);
        Assert.Equal(ErrorCodes.UnknownRollout, world.Refused(() => world.Grain.Rollout(first)).Code);
    }
}
