using Evergrain.Contracts.Ops;
using Evergrain.Core.State;
using Evergrain.Core.State.Batching;
using Evergrain.ModulePackaging;
using Evergrain.Runtime;

namespace Evergrain.Stores.Sql;

/// <summary>Packages in a table.</summary>
internal sealed class SqlPackageStore(GroupCommit<ISqlWriting> writer, StoreQueue<ISqlSession> readers, SqlDialect dialect) : IPackageStore
{
    const string Columns = "name, version, digest, size, manifest";
    readonly string all = $"SELECT {Columns} FROM {dialect.Schema}package", byVersion = $"SELECT {Columns} FROM {dialect.Schema}package WHERE name = $1 AND version = $2";

    public async ValueTask<PackageReceipt> Publish(PublishedPackage package, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var bytes = package.Bytes.ToArray(); // the caller's buffer may be used again
        try
        {
            return await writer.Do(store => Publish(store, package, bytes));
        }
        catch (StoreFullException full)
        {
            throw full.ToFindings();
        }
    }

    public ValueTask<ReadOnlyMemory<byte>?> Read(string digest, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return readers.Ask<ReadOnlyMemory<byte>?>(store =>
        {
            using var reader = store.Query($"SELECT bytes FROM {dialect.Schema}package WHERE digest = $1", digest);
            // A null that stood beside an array would be taken for an empty one.
            return reader.Read() ? new ReadOnlyMemory<byte>(reader.GetFieldValue<byte[]>(0)) : default(ReadOnlyMemory<byte>?);
        });
    }

    public ValueTask<PublishedPackage?> Find(string name, string version, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return readers.Ask(store => Packages(store, byVersion, name, version).SingleOrDefault());
    }

    public ValueTask<IReadOnlyList<PublishedPackage>> List(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return readers.Ask<IReadOnlyList<PublishedPackage>>(store => [.. PublishedPackage.InOrder(Packages(store, all))]);
    }

    PackageReceipt Publish(ISqlWriting store, PublishedPackage package, byte[] bytes)
    {
        var created = store.Change($"INSERT INTO {dialect.Schema}package ({Columns}, bytes) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            package.Ref.Name, package.Ref.Version, package.Ref.Digest, package.Size, package.Manifest.ToJson(), bytes);
        if (created == 1) return package.Receipt(created: true);
        var first = Packages(store, byVersion, package.Ref.Name, package.Ref.Version).Single();
        return first.Ref.Digest == package.Ref.Digest ? first.Receipt(created: false) : throw new RefusedException(first.TakenFor(package));
    }

    static List<PublishedPackage> Packages(ISqlSession store, string sql, params ReadOnlySpan<object> parameters)
    {
        var packages = new List<PublishedPackage>();
        using var reader = store.Query(sql, parameters);
        while (reader.Read())
            packages.Add(new(new PackageRef(reader.GetString(0), reader.GetString(1), reader.GetString(2)), reader.GetInt64(3), ModuleManifest.FromJson(reader.GetString(4)), default));
        return packages;
    }
}
