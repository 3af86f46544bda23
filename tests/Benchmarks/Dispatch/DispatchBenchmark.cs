using System.Buffers.Binary;
using System.Diagnostics;
using Evergrain.Benchmarks.Harness;
using Evergrain.Benchmarks.World;
using Evergrain.ModuleSdk;
using Evergrain.Runtime;

namespace Evergrain.Benchmarks.Dispatch;

/// <summary>What it costs to find and enter a handler of a loaded module: table, slot, operation by name, call across load contexts.
/// The direct call is the same compiled handler, called from within its module.</summary>
internal sealed class DispatchBenchmark : IBenchmark
{
    const string Kind = "echo", Operation = "bench.echo", Directly = "bench.echo-directly";
    const double GoalNs = 40;
    const int BatchSize = 10_000;

    public string Name => "dispatch";
    public string Summary => "One handler through module table and slot against a direct call of it.";

    public async Task<IReadOnlyList<Figure>> Measure(Effort effort)
    {
        await using var silo = await OneSilo.Prepare(BenchCluster.Module);
        silo.Runtime.Activate(1, [silo.Versions[0]]);
        var context = new FixedTurnContext(silo.Runtime.Table.Kind(Kind)!.Slices[0].Definition.Initial(FixedTurnContext.Id));
        var times = effort.Quick ? 2_000_000 : 20_000_000;
        var (direct, dispatched, invoked, leased) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var run = -2; run < effort.Runs(9, 5); run++)
        {
            Keep(direct, DirectNs(silo.Runtime, context, times));
            Keep(dispatched, DispatchNs(silo.Runtime, context, times));
            Keep(invoked, InvokeNs(silo.Runtime, context, times));
            Keep(leased, LeasedNs(silo.Runtime, context, times));

            void Keep(List<double> all, double one)
            {
                if (run >= 0) all.Add(one); // before that it warms up
            }
        }
        var above = dispatched.Zip(direct, (through, straight) => through - straight).ToArray();
        return
        [
            Figure.AtMost("through table and slot, above a direct call", Statistics.Median(above), "ns", GoalNs) with { Runs = above },
            new("direct call", Statistics.Median(direct), "ns") { Runs = direct },
            new("through table and slot", Statistics.Median(dispatched), "ns") { Runs = dispatched },
            new("of that, entering the operation once it is found", Statistics.Median(invoked), "ns") { Runs = invoked },
            new("with a lease of the slot for each call", Statistics.Median(leased), "ns") { Runs = leased },
        ];
    }

    static double DirectNs(ModuleRuntime runtime, FixedTurnContext context, int times)
    {
        var arguments = new byte[64];
        BinaryPrimitives.WriteInt64LittleEndian(arguments, times);
        var operation = runtime.Table.Kind(Kind)!.Slices[0].Definition.Operations[Directly];
        var started = Stopwatch.GetTimestamp();
        var result = operation.Invoke(context, arguments).Result;
        var took = Stopwatch.GetElapsedTime(started);
        return result.Length == arguments.Length ? took.TotalNanoseconds / times : throw new InvalidOperationException("The handler was not called.");
    }

    // In batches, so that the loop is compiled as code in a running server is: after it has been watched for a while.
    static double DispatchNs(ModuleRuntime runtime, FixedTurnContext context, int times) => Timed(times, Batch(runtime, context));

    static double InvokeNs(ModuleRuntime runtime, FixedTurnContext context, int times) => Timed(times, InvokeBatch(runtime, context));

    static double LeasedNs(ModuleRuntime runtime, FixedTurnContext context, int times) => Timed(times, LeasedBatch(runtime, context));

    static double Timed(int times, Func<long> batch)
    {
        long bytes = 0;
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < times / BatchSize; i++) bytes += batch();
        var took = Stopwatch.GetElapsedTime(started);
        return bytes == 64L * times ? took.TotalNanoseconds / times : throw new InvalidOperationException("Some calls did not reach the handler.");
    }

    static Func<long> Batch(ModuleRuntime runtime, FixedTurnContext context)
    {
        ReadOnlyMemory<byte> arguments = new byte[64];
        return () =>
        {
            long bytes = 0;
            for (var i = 0; i < BatchSize; i++)
            {
                var slice = runtime.Table.Kind(Kind)!.Slices[0];
                if (!slice.Definition.Operations.TryGetValue(Operation, out var operation)) break;
                bytes += operation.Invoke(context, arguments).Result.Length;
            }
            return bytes;
        };
    }

    static Func<long> InvokeBatch(ModuleRuntime runtime, FixedTurnContext context)
    {
        ReadOnlyMemory<byte> arguments = new byte[64];
        var operation = runtime.Table.Kind(Kind)!.Slices[0].Definition.Operations[Operation];
        return () =>
        {
            long bytes = 0;
            for (var i = 0; i < BatchSize; i++) bytes += operation.Invoke(context, arguments).Result.Length;
            return bytes;
        };
    }

    static Func<long> LeasedBatch(ModuleRuntime runtime, FixedTurnContext context)
    {
        ReadOnlyMemory<byte> arguments = new byte[64];
        return () =>
        {
            long bytes = 0;
            for (var i = 0; i < BatchSize; i++)
            {
                var slice = runtime.Table.Kind(Kind)!.Slices[0];
                if (!slice.Slot.TryAcquire() || !slice.Definition.Operations.TryGetValue(Operation, out var operation)) break;
                bytes += operation.Invoke(context, arguments).Result.Length;
                slice.Slot.Release();
            }
            return bytes;
        };
    }
}
