using System.Globalization;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Core.State.Batching;

namespace Evergrain.Stores.Sql;

/// <summary>The cluster record and its history in tables.</summary>
internal sealed class SqlClusterStore(GroupCommit<ISqlWriting> writer, StoreQueue<ISqlSession> readers, SqlDialect dialect) : IClusterStore
{
    readonly string record = $"SELECT record, etag FROM {dialect.Schema}cluster", release = $"{dialect.Schema}release", rollout = $"{dialect.Schema}rollout";

    public ValueTask<ClusterRecord> Read(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return readers.Ask(store => Current(store, record));
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
            [.. Texts(store, $"SELECT content FROM {release} ORDER BY epoch DESC").Select(ClusterFormat.Release)],
            [.. Texts(store, $"SELECT content FROM {rollout} ORDER BY number DESC").Select(ClusterFormat.Rollout)]));
    }

    ClusterWriteOutcome Apply(ISqlWriting store, ClusterRecord next, string expectedEtag)
    {
        var current = Current(store, record + dialect.Locking);
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
        foreach (var committed in added.Releases)
        {
            store.Change($"INSERT INTO {release} VALUES ($1, $2)", committed.Epoch, ClusterFormat.Encode(committed));
            store.Change($"DELETE FROM {release} WHERE epoch <= $1", committed.Epoch - ClusterHistory.Limit);
        }
        foreach (var ended in added.Rollouts)
        {
            store.Change($"INSERT INTO {rollout} (content) VALUES ($1)", ClusterFormat.Encode(ended));
            // Numbers may be left out, so that counting them is not enough.
            store.Change($"DELETE FROM {rollout} WHERE number NOT IN (SELECT number FROM {rollout} ORDER BY number DESC LIMIT $1)", (long)ClusterHistory.Limit);
        }
        var etag = long.Parse(expectedEtag, CultureInfo.InvariantCulture) + 1;
        store.Change($"UPDATE {dialect.Schema}cluster SET etag = $1, record = $2", etag, ClusterFormat.Encode(next));
        return new ClusterWriteOutcome.Written(next with { Etag = Text(etag) });
    }

    static ClusterRecord Current(ISqlSession store, string sql)
    {
        using var reader = store.Query(sql);
        return reader.Read() ? ClusterFormat.Record(reader.GetString(0), Text(reader.GetInt64(1))) : throw new StoreUnavailableException("the cluster record is missing.");
    }

    static List<string> Texts(ISqlSession store, string sql)
    {
        var texts = new List<string>();
        using var reader = store.Query(sql);
        while (reader.Read()) texts.Add(reader.GetString(0));
        return texts;
    }

    static string Text(long etag) => etag.ToString(CultureInfo.InvariantCulture);
}
