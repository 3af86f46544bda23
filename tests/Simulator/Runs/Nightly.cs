using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Runs;

/// <summary>Searches seed after seed until it is told to stop, and shows each failure as it comes.</summary>
internal static class Nightly
{
    const int RunsPerSeed = 1000;
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static void Play(Search search, Progress progress, int first, TextWriter output, CancellationToken stop)
    {
        using var speaking = progress.Every(Minute);
        for (var index = 0; !stop.IsCancellationRequested; index++)
        {
            search.Play(index == 0 ? first : StableHash.Derive(first, index), RunsPerSeed);
            new Report(output).Failures(search.TakeFailures(), mostShrunk: int.MaxValue);
        }
    }
}
