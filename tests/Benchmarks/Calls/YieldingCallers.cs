using System.Diagnostics;
using Evergrain.Benchmarks.World;
using Evergrain.Contracts;

namespace Evergrain.Benchmarks.Calls;

/// <summary>Callers that each wait for a reply, give their thread away, and call the next entity.</summary>
internal static class YieldingCallers
{
    public const int Callers = 64;
    const int Entities = 1024;

    public static async Task<CallerRun> Run(IEntityCaller target, SampleCall call, TimeSpan length)
    {
        var ids = Enumerable.Range(0, Entities).Select(i => new EntityId(SampleCall.Kind, $"bench-{i}")).ToArray();
        foreach (var id in ids) BenchCluster.Good(await target.Call(new CallRequest { Entity = id, Operation = call.Operation, Arguments = call.Arguments }));

        var stop = new StrongBoolean();
        var started = Stopwatch.GetTimestamp();
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(() => Call(target, call, ids, caller * 17, stop))).ToArray();
        await Task.Delay(length);
        stop.Value = true;
        var counts = await Task.WhenAll(callers);
        return new CallerRun(counts, Stopwatch.GetElapsedTime(started));
    }

    static async Task<long> Call(IEntityCaller target, SampleCall call, EntityId[] ids, int offset, StrongBoolean stop)
    {
        long calls = 0;
        for (var next = offset; !stop.Value; next++)
        {
            BenchCluster.Good(await target.Call(new CallRequest { Entity = ids[next % ids.Length], Operation = call.Operation, Arguments = call.Arguments }));
            calls++;
            await Task.Yield();
        }
        return calls;
    }

    sealed class StrongBoolean
    {
        public volatile bool Value;
    }
}

/// <param name="Calls">Of each caller.</param>
internal sealed record CallerRun(IReadOnlyList<long> Calls, TimeSpan Took)
{
    public double PerSecond => Calls.Sum() / Took.TotalSeconds;
    public double SlowestOfMean => Calls.Min() / Calls.Average();
}
