using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Evergrain.CrashPoints.Points;

namespace Evergrain.CrashPoints.Victim;

/// <summary>Counts the calls of the stores, and ends this process by SIGKILL at the one that was ordered. Safe from any thread.</summary>
internal sealed partial class Executioner(CrashPoint? point, Slowness slowness)
{
    const int Kill9 = 9;
    volatile bool armed = point is { Early: true };
    int calls;

    /// <summary>From now on calls count.</summary>
    public void Arm() => armed = true;

    public ValueTask<T> Watch<T>(StoreCall call, Func<ValueTask<T>> ask)
    {
        return !armed || call != point?.Call || Interlocked.Increment(ref calls) != point.Nth ? ask() : point.Side switch
        {
            Side.Before => throw Kill(answered: false),
            Side.During => During(ask),
            _ => After(ask),
        };
    }

    ValueTask<T> During<T>(Func<ValueTask<T>> ask)
    {
        var asked = Stopwatch.GetTimestamp();
        var answer = ask();
        while (Stopwatch.GetElapsedTime(asked).TotalMicroseconds < point!.DelayMicroseconds) Thread.SpinWait(20);
        throw Kill(answer.IsCompleted);
    }

    async ValueTask<T> After<T>(Func<ValueTask<T>> ask)
    {
        await ask();
        throw Kill(answered: true);
    }

    UnreachableException Kill(bool answered)
    {
        Console.Out.WriteLine(VictimOrder.StruckLine + JsonSerializer.Serialize(new Struck(point!, answered, DateTimeOffset.UtcNow, slowness.Ms)));
        Die();
        return new UnreachableException("SIGKILL comes back to nobody.");
    }

    /// <summary>Ends this process as <c>kill -9</c> does: nothing is flushed, nobody is told, no handler runs.</summary>
    public static void Die()
    {
        if (Kill(Environment.ProcessId, Kill9) != 0) throw new InvalidOperationException($"kill failed with {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
