using Evergrain.Contracts.Ops;
using Evergrain.Core.State;
using Evergrain.Core.State.Batching;
using Evergrain.ModulePackaging;
using Evergrain.Runtime;
using Microsoft.Data.Sqlite;

namespace Evergrain.Stores.Sqlite;

/// <summary>Packages in the file.</summary>
internal sealed class SqlitePackageStore(SqliteWriter writer, SqliteReaders readers) : IPackageStore
{
    const string Columns = "name, version, digest, size, manifest";

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
            using var reader = store.Query("SELECT bytes FROM package WHERE digest = $digest", ("$digest", digest));
            // A null that stood beside an array would be taken for an empty one.
            return reader.Read() ? new ReadOnlyMemory<byte>(reader.GetFieldValue<byte[]>(0)) : default(ReadOnlyMemory<byte>?);
        });
    }

    public ValueTask<PublishedPackage?> Find(string name, string version, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return readers.Ask(store => Find(store, name, version));
    }

    public ValueTask<IReadOnlyList<PublishedPackage>> List(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return readers.Ask<IReadOnlyList<PublishedPackage>>(store =>
        {
            var packages = new List<PublishedPackage>();
            using var reader = store.Query($"SELECT {Columns} FROM package");
            while (reader.Read()) packages.Add(Package(reader));
            return [.. PublishedPackage.InOrder(packages)];
        });
    }

    static PackageReceipt Publish(Statements store, PublishedPackage package, byte[] bytes)
    {
        if (Find(store, package.Ref.Name, package.Ref.Version) is { } first)
            return first.Ref.Digest == package.Ref.Digest ? first.Receipt(created: false) : throw new RefusedException(first.TakenFor(package));
        store.Change($"INSERT INTO package ({Columns}, bytes) VALUES ($name, $version, $digest, $size, $manifest, $bytes)",
            ("$name", package.Ref.Name), ("$version", package.Ref.Version), ("$digest", package.Ref.Digest), ("$size", package.Size), ("$manifest", package.Manifest.ToJson()), ("$bytes", bytes));
        return package.Receipt(created: true);
    }

    static PublishedPackage? Find(Statements store, string name, string version)
    {
        using var reader = store.Query($"SELECT {Columns} FROM package WHERE name = $name AND version = $version", ("$name", name), ("$version", version));
        return reader.Read() ? Package(reader) : null;
    }

    static PublishedPackage Package(SqliteDataReader reader) =>
        new(new PackageRef(reader.GetString(0), reader.GetString(1), reader.GetString(2)), reader.GetInt64(3), ModuleManifest.FromJson(reader.GetString(4)), default);
}
