using System.Globalization;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Core.State.Batching;
using Npgsql;

namespace Evergrain.Stores.Postgres;

/// <summary>The cluster record and its history in the database.</summary>
internal sealed class PostgresClusterStore(PostgresWriter writer, PostgresReaders readers) : IClusterStore
{
    const string Record = "SELECT record, etag FROM evergrain.cluster";

    public ValueTask<ClusterRecord> Read(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return readers.Ask(store =>
        {
            using var command = PostgresReaders.Command(store, Record);
            return Current(command);
        });
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
            [.. Texts(store, "SELECT content FROM evergrain.release ORDER BY epoch DESC").Select(ClusterFormat.Release)],
            [.. Texts(store, "SELECT content FROM evergrain.rollout ORDER BY number DESC").Select(ClusterFormat.Rollout)]));
    }

    static ClusterWriteOutcome Apply(PostgresSession store, ClusterRecord next, string expectedEtag)
    {
        using var look = store.Command($"{Record} FOR UPDATE");
        var current = Current(look);
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
            Run(store, "INSERT INTO evergrain.release VALUES ($1, $2)", release.Epoch, ClusterFormat.Encode(release));
            Run(store, "DELETE FROM evergrain.release WHERE epoch <= $1", release.Epoch - ClusterHistory.Limit);
        }
        foreach (var rollout in added.Rollouts)
        {
            Run(store, "INSERT INTO evergrain.rollout (content) VALUES ($1)", ClusterFormat.Encode(rollout));
            // Numbers may be left out, so that counting them is not enough.
            Run(store, "DELETE FROM evergrain.rollout WHERE number NOT IN (SELECT number FROM evergrain.rollout ORDER BY number DESC LIMIT $1)", (long)ClusterHistory.Limit);
        }
        var etag = long.Parse(expectedEtag, CultureInfo.InvariantCulture) + 1;
        Run(store, "UPDATE evergrain.cluster SET etag = $1, record = $2", etag, ClusterFormat.Encode(next));
        return new ClusterWriteOutcome.Written(next with { Etag = Text(etag) });
    }

    static void Run(PostgresSession store, string sql, params ReadOnlySpan<object> parameters)
    {
        using var command = store.Command(sql, parameters);
        command.ExecuteNonQuery();
    }

    static ClusterRecord Current(NpgsqlCommand command)
    {
        using var reader = command.ExecuteReader();
        return reader.Read() ? ClusterFormat.Record(reader.GetString(0), Text(reader.GetInt64(1))) : throw new StoreUnavailableException("the cluster record is missing.");
    }

    static List<string> Texts(NpgsqlConnection store, string sql)
    {
        var texts = new List<string>();
        using var command = PostgresReaders.Command(store, sql);
        using var reader = command.ExecuteReader();
        while (reader.Read()) texts.Add(reader.GetString(0));
        return texts;
    }

    static string Text(long etag) => etag.ToString(CultureInfo.InvariantCulture);
}
