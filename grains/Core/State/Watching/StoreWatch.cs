using Evergrain.Contracts;
using Evergrain.Core.Rollouts;
using Evergrain.Runtime;
using Microsoft.Extensions.Logging;

namespace Evergrain.Core.State.Watching;

/// <summary>Tells the log that a store does not answer or has no room: at once, then every ten seconds with how often it was asked in vain, and when
/// it serves again. Stores are watched by the ports that stand over them. Safe from any thread.</summary>
public sealed partial class StoreWatch : IDisposable
{
    /// <summary>Questions that wait for so long without any answer count as not answered.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    readonly ILogger logger;
    readonly TimeProvider time;
    readonly string store;
    readonly LogPace<string> pace;
    readonly ITimer looks;
    readonly Lock gate = new();
    volatile Trouble trouble;
    long since, heard;
    int waiting;
    bool told;

    /// <param name="store">What it is called; never with a password in it.</param>
    public StoreWatch(ILogger logger, TimeProvider time, string store)
    {
        (this.logger, this.time, this.store, pace) = (logger, time, store, new LogPace<string>(time));
        looks = time.CreateTimer(_ => LookForSilence(), null, Look, Look);
    }

    public IEntityStore Over(IEntityStore entities) => new WatchedEntityStore(entities, this);
    public IClusterStore Over(IClusterStore cluster) => new WatchedClusterStore(cluster, this);
    public IPackageStore Over(IPackageStore packages) => new WatchedPackageStore(packages, this);

    public void Dispose() => looks.Dispose();

    /// <summary>Asks the store, and takes in what came of it.</summary>
    /// <param name="whyFull">What the answer says of there being no room; null when there is.</param>
    internal async ValueTask<TAnswer> Ask<TQuestion, TAnswer>(StoreUse use, TQuestion question, Func<TQuestion, ValueTask<TAnswer>> ask, Func<TAnswer, string?>? whyFull = null)
    {
        var timed = use is not StoreUse.Listing;
        if (timed && Interlocked.Increment(ref waiting) == 1) Volatile.Write(ref heard, time.GetTimestamp());
        try
        {
            var answer = await ask(question);
            if (whyFull?.Invoke(answer) is { } full) Failed(Trouble.Room, full);
            else Answered(use);
            return answer;
        }
        catch (Exception thrown)
        {
            Judge(use, thrown);
            throw;
        }
        finally
        {
            if (timed) Interlocked.Decrement(ref waiting);
        }
    }

    void Judge(StoreUse use, Exception thrown)
    {
        switch (thrown)
        {
            case OperationCanceledException: break; // Who asked did not wait for it.
            case StoreFullException or FindingsException { Code: ErrorCodes.StoreFull }: Failed(Trouble.Room, thrown.Message); break;
            case UnreadableRecordException or FindingsException or InvalidOperationException: Answered(use); break; // It said no.
            default: Failed(use is StoreUse.Write ? Trouble.Writes : Trouble.Reads, thrown.Message); break;
        }
    }

    void LookForSilence()
    {
        var quiet = time.GetElapsedTime(Volatile.Read(ref heard));
        if (Volatile.Read(ref waiting) > 0 && quiet >= Patience) Failed(Trouble.Silence, $"it has said nothing for {quiet.TotalSeconds:0} s.");
    }

    void Answered(StoreUse use)
    {
        Volatile.Write(ref heard, time.GetTimestamp());
        if (trouble == Trouble.None) return;
        lock (gate)
        {
            // An answer to a question says nothing about writes.
            trouble &= ~(Trouble.Silence | (use is StoreUse.Write ? Trouble.Writes | Trouble.Room : Trouble.Reads));
            if (trouble != Trouble.None || !told) return;
            told = false;
            Serves(logger, store, time.GetElapsedTime(since).TotalSeconds);
        }
    }

    void Failed(Trouble what, string why)
    {
        if (what != Trouble.Silence) Volatile.Write(ref heard, time.GetTimestamp());
        lock (gate)
        {
            if (trouble == Trouble.None) since = time.GetTimestamp();
            trouble |= what;
            if (!pace.Allows(store, out var leftOut)) return;
            told = true;
            Fails(logger, store, what is Trouble.Room ? "takes no writes" : "does not answer", why, leftOut == 0 ? "" : $" (asked {leftOut} more times in vain since the last line)");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The store {Store} {What}: {Why}{Rest}")]
    static partial void Fails(ILogger logger, string store, string what, string why, string rest);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store {Store} serves again; it did not for {Seconds:0.0} s")]
    static partial void Serves(ILogger logger, string store, double seconds);

    [Flags]
    enum Trouble { None = 0, Reads = 1, Writes = 2, Room = 4, Silence = 8 }
}

/// <summary>What a store is asked for.</summary>
internal enum StoreUse
{
    Read,
    Write,

    /// <summary>Something that may take long.</summary>
    Listing,
}
