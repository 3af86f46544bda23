using System.Globalization;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Core.State.Batching;

namespace Evergrain.Stores.Sqlite;

/// <summary>The cluster record and its history in the file.</summary>
internal sealed class SqliteClusterStore(SqliteWriter writer, SqliteReaders readers) : IClusterStore
{
    public ValueTask<ClusterRecord> Read(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return readers.Ask(Current);
    }

    public ValueTask<ClusterWriteOutcome> Write(ClusterRecord next, string expectedEtag, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return writer.Do(store => Apply(store, next, expectedEtag));
    }

    public ValueTask<ClusterHistory> History(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return readers.Ask(store => new ClusterHistory(
            [.. Texts(store, "SELECT content FROM release ORDER BY epoch DESC").Select(ClusterFormat.Release)],
            [.. Texts(store, "SELECT content FROM rollout ORDER BY number DESC").Select(ClusterFormat.Rollout)]));
    }

    static ClusterWriteOutcome Apply(Statements store, ClusterRecord next, string expectedEtag)
    {
        var current = Current(store);
        if (current.Etag != expectedEtag) return new ClusterWriteOutcome.Conflict(current);
        try
        {
            next.MustFollow(current);
        }
        catch (InvalidOperationException broken)
        {
            throw new RefusedException(broken);
        }
        var added = ClusterHistory.Empty.After(current, next);
        foreach (var release in added.Releases)
        {
            store.Change("INSERT INTO release VALUES ($epoch, $content)", ("$epoch", release.Epoch), ("$content", ClusterFormat.Encode(release)));
            store.Change("DELETE FROM release WHERE epoch <= $oldest", ("$oldest", release.Epoch - ClusterHistory.Limit));
        }
        foreach (var rollout in added.Rollouts)
        {
            store.Change("INSERT INTO rollout (content) VALUES ($content)", ("$content", ClusterFormat.Encode(rollout)));
            store.Change("DELETE FROM rollout WHERE number <= (SELECT max(number) FROM rollout) - $limit", ("$limit", ClusterHistory.Limit));
        }
        var etag = long.Parse(expectedEtag, CultureInfo.InvariantCulture) + 1;
        store.Change("UPDATE cluster SET etag = $etag, record = $record", ("$etag", etag), ("$record", ClusterFormat.Encode(next)));
        return new ClusterWriteOutcome.Written(next with { Etag = Text(etag) });
    }

    static ClusterRecord Current(Statements store)
    {
        using var reader = store.Query("SELECT record, etag FROM cluster");
        return reader.Read() ? ClusterFormat.Record(reader.GetString(0), Text(reader.GetInt64(1))) : throw new StoreUnavailableException("the cluster record is missing.");
    }

    static List<string> Texts(Statements store, string sql)
    {
        var texts = new List<string>();
        using var reader = store.Query(sql);
        while (reader.Read()) texts.Add(reader.GetString(0));
        return texts;
    }

    static string Text(long etag) => etag.ToString(CultureInfo.InvariantCulture);
}
