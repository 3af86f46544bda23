using Evergrain.Contracts;
using Evergrain.Core;

namespace Evergrain.Embedded;

/// <summary>Sees to it that an entity is active on no other silo of the view before this one activates it. What a silo does not answer it is
/// asked again, until it is no member any more. Safe from any thread.</summary>
internal sealed class Claims(EmbeddedSilo silo, Func<MembershipView> view, ISiloNetwork network, TimeProvider time)
{
    static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    public async ValueTask Claim(EntityId id, CancellationToken cancellation)
    {
        foreach (var other in view().Members)
            while (!ReferenceEquals(other, silo) && view().Members.Contains(other) && !cancellation.IsCancellationRequested)
                if (await IsReleased(other, id, cancellation)) break;
    }

    async ValueTask<bool> IsReleased(EmbeddedSilo other, EntityId id, CancellationToken cancellation)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var released = network.Release(silo, other, id, giveUp.Token);
        if (released.IsCompletedSuccessfully) return true;
        var asked = released.AsTask();
        if (!await asked.EndsWithin(AskAgain, time))
        {
            giveUp.Cancel();
            return false;
        }
        if (asked.IsCompletedSuccessfully) return true;
        // Lost at once, perhaps: asked again no sooner than one that is lost in silence.
        await Task.Delay(AskAgain, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return false;
    }
}
