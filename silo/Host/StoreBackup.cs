using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Operators;
using Evergrain.Stores.Sqlite;

namespace Evergrain.Host;

/// <summary>Copies of this host's store. A file is copied beside itself first, where there is room for it, and streamed from there.</summary>
/// <param name="file">Null where the store is no file.</param>
internal sealed class StoreBackup(SqliteStore? file, string? where) : IStoreBackup
{
    public async Task<Stream> Backup(CancellationToken cancellation)
    {
        if (file is null)
            throw new FindingsException(ErrorCodes.StoreCannot, where is null ? "The store is this process's memory: there is nothing to restore into." : "The server of this store makes its own backups.",
                where is null ? "Start the host with --data, or export the entities." : "Use pg_dump, which copies everything as of one moment.");
        var copy = $"{where}.backup-{Guid.NewGuid():n}";
        try
        {
            await StoreAnswers.Asked(async () =>
            {
                await file.Backup(copy);
                return true;
            });
            return new FileStream(copy, FileMode.Open, FileAccess.Read, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch
        {
            File.Delete(copy);
            throw;
        }
    }
}
