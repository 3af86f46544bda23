namespace Evergrain.Core.Rollouts;

/// <summary>Where an undo leads: one further back each time, never back and forth. Pure.</summary>
public static class UndoChain
{
    /// <summary>Which release an undo of the present one takes back, and which one's packages serve then; null when there is none, or when
    /// the bounded history no longer holds it.</summary>
    public static (long Undoes, Release Target)? Next(Release present, ClusterHistory history)
    {
        if (Origin(present, history) is not { } undoes || Before(undoes, history) is not { } target) return null;
        return history.Release(target) is { } release ? (undoes, release) : null;
    }

    // A release that is an undo serves what an older one served: the epoch of that one. Epochs fall with every step, so this ends.
    static long? Origin(Release release, ClusterHistory history) =>
        release.Undoes is { } undone ? Before(undone, history) : release.Epoch;

    static long? Before(long epoch, ClusterHistory history) =>
        history.Release(epoch - 1) is { } previous ? Origin(previous, history) : null;
}
