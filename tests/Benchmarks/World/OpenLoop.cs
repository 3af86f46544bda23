using System.Diagnostics;
using System.Runtime.InteropServices;
using Evergrain.Contracts;

namespace Evergrain.Benchmarks.World;

/// <summary>Calls that come at their time whether or not earlier ones were answered. Latency counts from when a call was meant to be sent, so
/// that a stall is seen by every call that it would have met.</summary>
internal sealed class OpenLoop : IDisposable
{
    readonly IEntityCaller target;
    readonly EntityId[] ids;
    readonly ReadOnlyMemory<byte> arguments;
    readonly string operation;
    readonly bool remembers;
    readonly double period; // in stopwatch ticks
    readonly Random random;
    readonly long started = Stopwatch.GetTimestamp();
    readonly List<double[]> blocks = []; // latency in ms by number of the call; 0: not answered yet
    readonly Thread thread;
    readonly ManualResetEvent ended = new(false);
    volatile bool stopping;
    volatile CallError? failure;
    long answered, sent;

    /// <param name="seed">Of the sequence of entities. Loops one after another need different ones, or the same entities are left out each time, and go idle.</param>
    /// <param name="remembers">False: latencies are not asked for, and take no memory that grows.</param>
    public OpenLoop(IEntityCaller target, EntityId[] ids, string operation, ReadOnlyMemory<byte> arguments, int perSecond, int seed = 7, bool remembers = true)
    {
        (this.target, this.ids, this.operation, this.arguments, random, this.remembers) = (target, ids, operation, arguments, new Random(seed), remembers);
        period = (double)Stopwatch.Frequency / perSecond;
        thread = new Thread(Send) { IsBackground = true, Name = "open loop" };
        thread.Start();
    }

    const int BlockSize = 1 << 16;

    /// <summary>Latencies, sorted, of the calls that were meant to be sent in this stretch of stopwatch time.</summary>
    public double[] Between(long from, long to)
    {
        var (first, last) = ((long)Math.Ceiling((from - started) / period), (long)((to - started) / period));
        var latencies = new List<double>();
        lock (blocks)
            for (var i = Math.Max(0, first); i < last && i < Interlocked.Read(ref sent); i++) latencies.Add(blocks[(int)(i / BlockSize)][i % BlockSize]);
        latencies.Sort();
        return [.. latencies];
    }

    /// <summary>Ends it and waits for what is under way. Fails when a call failed.</summary>
    public async Task Stop()
    {
        End();
        var waiting = Stopwatch.GetTimestamp();
        while (Interlocked.Read(ref answered) < Interlocked.Read(ref sent) && Stopwatch.GetElapsedTime(waiting) < TimeSpan.FromSeconds(15)) await Task.Delay(10);
        if (failure is { } error) throw new InvalidOperationException($"A call failed: {error}");
        if (Interlocked.Read(ref answered) < Interlocked.Read(ref sent)) throw new InvalidOperationException("Some calls were never answered.");
    }

    public void Dispose()
    {
        End();
        ended.Dispose();
    }

    void End()
    {
        stopping = true;
        ended.Set();
        thread.Join();
    }

    void Send()
    {
        for (var i = 0L; !stopping; i++)
        {
            var due = started + (long)(i * period);
            while (Stopwatch.GetTimestamp() < due && !stopping) Rest();
            var block = Block(i);
            Interlocked.Increment(ref sent);
            var call = target.Call(new CallRequest { Entity = ids[random.Next(ids.Length)], Operation = operation, Arguments = arguments });
            if (call.IsCompletedSuccessfully) Answer(call.Result, due, block, i);
            else _ = AnswerLater(call, due, block, i);
        }
    }

    async Task AnswerLater(ValueTask<CallReply> call, long due, double[] block, long i) => Answer(await call, due, block, i);

    void Answer(CallReply reply, long due, double[] block, long i)
    {
        block[i % BlockSize] = Stopwatch.GetElapsedTime(due).TotalMilliseconds;
        if (reply.Error is { } error) failure = error;
        Interlocked.Increment(ref answered);
    }

    double[] Block(long i)
    {
        var index = remembers ? (int)(i / BlockSize) : 0;
        if (index < blocks.Count) return blocks[index];
        var block = new double[BlockSize];
        lock (blocks) blocks.Add(block);
        return block;
    }

    // A thread that spun would take one of the machine's cores from what is measured.
    void Rest()
    {
        if (OperatingSystem.IsLinux()) _ = usleep(50);
        else ended.WaitOne(1);
    }

    [DllImport("libc")]
    static extern int usleep(uint microseconds);
}
