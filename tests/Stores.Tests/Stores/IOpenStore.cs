using Evergrain.Contracts;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Runtime;

namespace Evergrain.Stores.Tests.Stores;

/// <summary>A store as a test has it open.</summary>
public interface IOpenStore : IAsyncDisposable
{
    IEntityStore Entities { get; }
    IClusterStore Cluster { get; }
    IPackageStore Packages { get; }
}

/// <summary>One that outlives the process.</summary>
public interface IOpenDurableStore : IOpenStore
{
    /// <summary>Transactions so far.</summary>
    long Commits { get; }

    /// <summary>Nothing is written until the answer is disposed.</summary>
    IDisposable HoldWrites();

    /// <summary>Changes the bytes of a record behind the store's back.</summary>
    void Garble(EntityId id, Func<byte[], byte[]> change);
}
