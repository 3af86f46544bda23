using Evergrain.Contracts;
using Evergrain.Embedded.Tests.Game;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests;

/// <summary>Shares are counted in turns, on one thread: no machine's load can move them.</summary>
public sealed class FairnessTests
{
    const int Callers = 64;
    const int CallsEach = 50;
    static readonly EntityId Crowded = new("room", "crowded");

    [Fact]
    public void Of_64_callers_who_crowd_one_entity_none_is_a_turn_behind_another()
    {
        using var world = ClusterWorld.Serving(1);
        var turns = Crowd(world);

        Assert.InRange(turns.Max() - turns.Min(), 0, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void However_work_is_ordered_the_slowest_of_64_callers_gets_most_of_the_mean(int seed)
    {
        using var world = ClusterWorld.Serving(1, seed, anyOrder: true);
        var turns = Crowd(world);

        Assert.InRange(turns.Min(), turns.Average() * 0.8, turns.Average());
    }

    /// <summary>The turns that each caller got when all of them together had had so many.</summary>
    static int[] Crowd(ClusterWorld world)
    {
        var (turns, total) = (new int[Callers], 0);
        var callers = Enumerable.Range(0, Callers).Select(Play).ToArray();
        world.Done(Task.WhenAll(callers));
        return turns;

        async Task Play(int caller)
        {
            while (total < Callers * CallsEach)
            {
                // It waits for another room's answer, so that the gate is never free when the next one comes.
                var reply = await world.Begin(Crowded, "room.ask", new Ask("another"), caller: $"player-{caller}");
                Assert.True(reply.Ok, reply.Error?.ToString());
                if (total++ < Callers * CallsEach) turns[caller]++;
                await world.Thread.Step();
            }
        }
    }
}
