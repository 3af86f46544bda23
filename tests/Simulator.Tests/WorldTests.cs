using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Tests;

public class WorldTests
{
    readonly Clock clock = new();
    readonly Schedule schedule = new(new Random(1), _ => { });

    [Fact]
    public void A_process_that_crashed_does_nothing_more()
    {
        var (process, done) = (new Process("s0", 1, schedule, clock), new List<string>());
        process.Post(() => done.Add("before"));
        Run();
        process.Post(() => done.Add("waits"));
        var time = new ProcessTime(clock, process);
        using var timer = time.CreateTimer(_ => done.Add("timer"), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        process.Kill();
        process.Post(() => done.Add("after"));
        Run();
        Assert.Equal(["before"], done);
    }

    [Fact]
    public void One_that_was_paused_goes_on_with_all_that_came_meanwhile()
    {
        var (process, done) = (new Process("s0", 1, schedule, clock), new List<string>());
        var time = new ProcessTime(clock, process);
        using var timer = time.CreateTimer(_ => done.Add("timer"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        process.Pause();
        process.Post(() => done.Add("sent"));
        Run();
        Assert.Empty(done);
        process.Resume();
        Run();
        Assert.Equal(["sent", "timer"], done.Order());
    }

    [Fact]
    public void Bad_weather_ends()
    {
        var took = 0;
        var weather = new Weather(clock, new Random(1), (_, _, _) => took++);
        weather.Begin(FaultKind.DropMessages, "s0", 1, TimeSpan.FromSeconds(2));
        Assert.True(weather.Strikes(FaultKind.DropMessages, "s0", "hint"));
        Assert.False(weather.Strikes(FaultKind.DropMessages, "s1", "hint"));
        Assert.False(weather.Strikes(FaultKind.DelayMessages, "s0", "hint"));
        clock.AdvanceTo(Clock.Start + TimeSpan.FromSeconds(2));
        Assert.False(weather.Strikes(FaultKind.DropMessages, "s0", "hint"));
        Assert.Equal(1, took);
    }

    [Fact]
    public void Steps_of_several_processes_come_in_an_order_that_the_seed_says()
    {
        Assert.Equal(Order(3), Order(3));
        Assert.NotEqual(Order(3), Order(4));
    }

    static List<int> Order(int seed)
    {
        var schedule = new Schedule(new Random(seed), _ => { });
        var (clock, order) = (new Clock(), new List<int>());
        foreach (var number in Enumerable.Range(0, 20)) new Process($"s{number}", number, schedule, clock).Post(() => order.Add(number));
        while (schedule.RunNext()) { }
        return order;
    }

    void Run()
    {
        while (schedule.RunNext() || clock.FireNext(Clock.Start + TimeSpan.FromMinutes(1))) { }
    }
}
