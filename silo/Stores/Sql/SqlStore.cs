using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Core.State.Batching;
using Evergrain.Runtime;

namespace Evergrain.Stores.Sql;

/// <summary>Entities, releases, rollouts and packages in the tables of a database: whatever was acknowledged was committed there. Writes that wait
/// together are one transaction with one flush. Safe from any thread.</summary>
public abstract class SqlStore : IAsyncDisposable
{
    const int ReadsAtOnce = 16;
    readonly ISqlDatabase database;
    readonly GroupCommit<ISqlWriting> writer;
    readonly StoreQueue<ISqlSession> readers, scans;

    /// <param name="lanes">How many reads may block at a time.</param>
    /// <param name="maxRecordBytes">The largest record of one entity.</param>
    protected SqlStore(ISqlDatabase database, StoreThreads threads, int lanes, int maxRecordBytes)
    {
        this.database = database;
        writer = new GroupCommit<ISqlWriting>(threads.Writing, threads.Answers, database.Commit, database.MostAtOnce);
        readers = Readers(lanes);
        // A listing may take long; reads of entities do not wait for it.
        scans = Readers(lanes: 1);
        Entities = new SqlEntityStore(writer, readers, scans, database.Dialect, maxRecordBytes);
        Cluster = new SqlClusterStore(writer, readers, database.Dialect);
        Packages = new SqlPackageStore(writer, readers, database.Dialect);

        StoreQueue<ISqlSession> Readers(int lanes) => new(threads.Reading, threads.Answers, Read, lanes, ReadsAtOnce);
    }

    public IEntityStore Entities { get; }
    public IClusterStore Cluster { get; }
    public IPackageStore Packages { get; }

    /// <summary>Transactions since it was opened; each flushed the log to the disk once.</summary>
    public long Commits => writer.Commits;

    /// <summary>Writes what waits, and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await readers.Close();
        await scans.Close();
        await writer.Close();
        await database.DisposeAsync();
    }

    /// <summary>Something that may take long, beside the reads of entities.</summary>
    /// <exception cref="StoreUnavailableException"/>
    /// <exception cref="StoreFullException"/>
    protected ValueTask<T> Scan<T>(Func<ISqlSession, T> work) => scans.Ask(work);

    void Read(IReadOnlyList<StoreWork<ISqlSession>> batch)
    {
        foreach (var question in batch) database.Read(question);
    }
}

/// <summary>The threads that a host gives to a store.</summary>
/// <param name="Writing">One thread, which blocks while the disk flushes.</param>
/// <param name="Reading">Threads that may block for a moment.</param>
/// <param name="Answers">Where those who waited for the store go on.</param>
public sealed record StoreThreads(IExecutor Writing, IExecutor Reading, IExecutor Answers);
