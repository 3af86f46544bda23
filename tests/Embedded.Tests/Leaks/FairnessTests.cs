namespace Evergrain.Embedded.Tests.Leaks;

[Collection(RealTime.Name)]
public sealed class FairnessTests
{
    const int Callers = 64;
    const int CallsEach = 500;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_64_callers_at_once_the_slowest_gets_at_least_a_third_of_the_mean(bool sameEntity)
    {
        await using var cluster = await RealCluster.Start();
        for (var i = 0; i < Callers; i++) await cluster.Call(Key(i), "pulse.look");
        var (counts, total, errors) = (new long[Callers], 0L, 0);
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var callers = Enumerable.Range(0, Callers).Select(Play).ToArray();
        start.SetResult();
        await Task.WhenAll(callers);

        Assert.Equal(0, errors);
        var mean = counts.Average();
        Assert.True(counts.Min() >= mean / 3, $"The slowest got {counts.Min()} of {mean:0} in the mean.");

        async Task Play(int caller)
        {
            await start.Task;
            while (Interlocked.Increment(ref total) <= Callers * CallsEach)
            {
                if (!(await cluster.Call(Key(caller), "pulse.look")).Ok) Interlocked.Increment(ref errors);
                counts[caller]++;
                await Task.Yield();
            }
        }

        string Key(int caller) => sameEntity ? "one" : $"of-{caller}";
    }
}
