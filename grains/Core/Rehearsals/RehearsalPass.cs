using Evergrain.Core.Entities;
using Evergrain.Runtime;

namespace Evergrain.Core.Rehearsals;

/// <summary>Goes once through a silo's live entities, a few at a time, so that nothing else waits long for the thread. Their order is that of a hash
/// with a secret of the process: whoever comes first is a fair sample.</summary>
internal sealed class RehearsalPass(EntitySilo silo, string module, IReadOnlyDictionary<string, KindRehearsal> kinds, RehearsalTally tally, IExecutor executor, RehearsalOptions options, CancellationToken cancellation)
{
    // Entities that are only looked at cost next to nothing each.
    const int LooksAtOnce = 4096;

    readonly IEnumerator<EntityActivation> rest = silo.Activations.GetEnumerator();
    readonly TaskCompletionSource ended = new();
    readonly string prefix = $"{module}.";
    int entriesLeft = options.Entries;

    /// <summary>Completes on the executor.</summary>
    public Task Run()
    {
        executor.Post(Piece);
        return ended.Task;
    }

    void Piece()
    {
        try
        {
            for (int looks = 0, tried = 0; looks < LooksAtOnce && tried < options.AtOnce; looks++)
            {
                if (cancellation.IsCancellationRequested || silo.IsDead) tally.Interrupted("it was given up.");
                else if (WantsMore && rest.MoveNext())
                {
                    if (Try(rest.Current)) tried++;
                    continue;
                }
                End();
                return;
            }
            executor.Post(Piece);
        }
        catch (Exception thrown)
        {
            // Only text: the exception may hold the module's code.
            tally.Interrupted($"{thrown.GetType().Name}: {thrown.Message}");
            End();
        }
    }

    bool WantsMore => entriesLeft > 0 || kinds.Values.Any(kind => kind.WantsMore);

    void End()
    {
        rest.Dispose();
        ended.TrySetResult();
    }

    bool Try(EntityActivation activation)
    {
        var tried = kinds.GetValueOrDefault(activation.Id.Kind) is { WantsMore: true } kind && kind.Try(activation, tally);
        return LookAtEntries(activation) || tried;
    }

    // They are the host's own and never change: no lease is needed to read them.
    bool LookAtEntries(EntityActivation activation)
    {
        if (entriesLeft == 0 || activation.State?.Extras is not { } extras || extras.Schedule.Count + extras.Outbox.Count == 0) return false;
        entriesLeft--;
        // One that is held already waits for another version anyway.
        foreach (var entry in extras.Schedule.Values.Where(entry => entry.Held is null))
            Look(activation, activation.Id.Kind, "A scheduled call", entry.Operation, entry.Arguments);
        foreach (var entry in extras.Outbox.Values)
            Look(activation, entry.To.Kind, $"A send to {entry.To}", entry.Operation, entry.Arguments);
        return true;
    }

    void Look(EntityActivation activation, string kind, string what, string operation, ReadOnlyMemory<byte> arguments)
    {
        if (!operation.StartsWith(prefix, StringComparison.Ordinal) || kinds.GetValueOrDefault(kind) is not { } target) return;
        tally.Looked();
        if (target.Misfit(operation, arguments) is { } why) tally.Misfit(activation.Id, what, why);
    }
}
