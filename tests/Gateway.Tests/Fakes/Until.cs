namespace Evergrain.Gateway.Tests.Fakes;

internal static class Until
{
    /// <summary>Yields until something that another thread does has been done; fails after 15 s.</summary>
    public static async Task True(Func<bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(15), "It did not happen within 15 s.");
            await Task.Yield();
        }
    }
}
