using Evergrain.Core.State;
using Evergrain.Stores.Tests.Stores;

namespace Evergrain.Stores.Tests.Conformance;

/// <summary>A test over a store of its own, empty at its beginning.</summary>
public abstract class StoreTest(StoreHouse house) : IAsyncLifetime
{
    protected IOpenStore Store { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await house.Empty();
        Store = await house.Open();
    }

    public async Task DisposeAsync() => await Store.DisposeAsync();

    protected async Task Reopen()
    {
        await Store.DisposeAsync();
        Store = await house.Open();
    }

    protected async Task<WriteOutcome> Write(EntityRecord record, string? etag) => (await Store.Entities.Write([new EntityWrite(record, etag)]))[0];
    protected async Task<WriteOutcome> Delete(EntityRecord record, string? etag) => (await Store.Entities.Write([new EntityWrite(record, etag, Delete: true)]))[0];

    /// <summary>The etag of a write that must have succeeded.</summary>
    protected static string Written(WriteOutcome outcome)
    {
        Assert.Null(outcome.Refused);
        return outcome.Etag ?? throw new InvalidOperationException("The write was a conflict.");
    }
}
