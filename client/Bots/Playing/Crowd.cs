namespace Evergrain.Bots.Playing;

/// <summary>Does something for many, a bounded number of them at the same time.</summary>
internal static class Crowd
{
    public static Task ForEach(int count, int atOnce, Func<int, Task> work)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, Math.Min(count, atOnce)).Select(_ => Worker()));

        async Task Worker()
        {
            for (var index = Interlocked.Increment(ref next); index < count; index = Interlocked.Increment(ref next)) await work(index);
        }
    }
}
