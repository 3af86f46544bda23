namespace Evergrain.Contracts.Ops;

/// <summary>Copies of the whole store while it is in use: entities, releases, rollouts and packages as of one moment. Safe from any thread.</summary>
public interface IStoreBackup
{
    /// <summary>The copy; what it needs on the host goes when the stream is disposed.</summary>
    /// <exception cref="FindingsException"><see cref="ErrorCodes.StoreCannot"/>: another tool makes the copies of this store, and the answer says which.</exception>
    Task<Stream> Backup(CancellationToken cancellation);
}
