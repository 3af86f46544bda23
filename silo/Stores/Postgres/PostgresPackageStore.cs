using Evergrain.Contracts.Ops;
using Evergrain.Core.State;
using Evergrain.Core.State.Batching;
using Evergrain.ModulePackaging;
using Evergrain.Runtime;
using Npgsql;

namespace Evergrain.Stores.Postgres;

/// <summary>Packages in the database.</summary>
internal sealed class PostgresPackageStore(PostgresWriter writer, PostgresReaders readers) : IPackageStore
{
    const string Columns = "name, version, digest, size, manifest";
    const string ByVersion = $"SELECT {Columns} FROM evergrain.package WHERE name = $1 AND version = $2";

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
        return readers.Ask(store =>
        {
            using var command = PostgresReaders.Command(store, "SELECT bytes FROM evergrain.package WHERE digest = $1", digest);
            return command.ExecuteScalar() is byte[] bytes ? new ReadOnlyMemory<byte>(bytes) : default(ReadOnlyMemory<byte>?);
        });
    }

    public ValueTask<PublishedPackage?> Find(string name, string version, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return readers.Ask(store =>
        {
            using var command = PostgresReaders.Command(store, ByVersion, name, version);
            return Packages(command).SingleOrDefault();
        });
    }

    public ValueTask<IReadOnlyList<PublishedPackage>> List(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return readers.Ask<IReadOnlyList<PublishedPackage>>(store =>
        {
            using var command = PostgresReaders.Command(store, $"SELECT {Columns} FROM evergrain.package");
            return [.. PublishedPackage.InOrder(Packages(command))];
        });
    }

    static PackageReceipt Publish(PostgresSession store, PublishedPackage package, byte[] bytes)
    {
        using var insert = store.Command($"INSERT INTO evergrain.package ({Columns}, bytes) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            package.Ref.Name, package.Ref.Version, package.Ref.Digest, package.Size, package.Manifest.ToJson(), bytes);
        if (insert.ExecuteNonQuery() == 1) return package.Receipt(created: true);
        using var look = store.Command(ByVersion, package.Ref.Name, package.Ref.Version);
        var first = Packages(look).Single();
        return first.Ref.Digest == package.Ref.Digest ? first.Receipt(created: false) : throw new RefusedException(first.TakenFor(package));
    }

    static List<PublishedPackage> Packages(NpgsqlCommand command)
    {
        var packages = new List<PublishedPackage>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            packages.Add(new(new PackageRef(reader.GetString(0), reader.GetString(1), reader.GetString(2)), reader.GetInt64(3), ModuleManifest.FromJson(reader.GetString(4)), default));
        return packages;
    }
}
