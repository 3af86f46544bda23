namespace Evergrain.Runtime.Retirement;

/// <summary>Slots that retire together share collections: one runs, and all who ask meanwhile share the next.</summary>
internal sealed class SharedCollections(ICollector collector)
{
    readonly Lock gate = new();
    Task running = Task.CompletedTask;
    Task? next;

    public Task Collect()
    {
        lock (gate)
        {
            if (next is not null) return next;
            if (running.IsCompleted) return running = collector.Collect(CancellationToken.None);
            return next = After(running);
        }
    }

    async Task After(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Task mine;
        lock (gate)
        {
            next = null;
            mine = running = collector.Collect(CancellationToken.None);
        }
        await mine;
    }
}
