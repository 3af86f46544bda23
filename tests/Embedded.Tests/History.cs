using System.Diagnostics;

namespace Evergrain.Embedded.Tests;

/// <summary>Plays a seed of <see cref="ChaosTests"/> in a process of its own: hashes of strings differ from process to process, and with
/// them whatever is enumerated by hash.</summary>
internal static class History
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // The entry point of this assembly; the test runner has its own.
    static void Main(string[] arguments)
    {
        foreach (var line in ChaosTests.Play(int.Parse(arguments[0], System.Globalization.CultureInfo.InvariantCulture))) Console.WriteLine(line);
    }

    public static async Task<string[]> Elsewhere(int seed, int processors)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(History).Assembly.Location, $"{seed}"]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_PROCESSOR_COUNT"] = $"{processors}";
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var lines = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(0, process.ExitCode);
            return lines.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"Seed {seed} did not end within {Limit}.");
        }
    }
}
