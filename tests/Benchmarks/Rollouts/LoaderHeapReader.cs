using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Evergrain.Benchmarks.Rollouts;

/// <summary>The second process that reads this one's loader heaps. It lives through the whole measurement and keeps what it read, so that
/// reading takes as little as possible of what is read.</summary>
internal sealed class LoaderHeapReader : IDisposable
{
    readonly Process reader;
    bool failed;

    public LoaderHeapReader()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Evergrain.Benchmarks" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var process = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        reader = Process.Start(new ProcessStartInfo(program, [LoaderHeaps.Command, process]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        _ = reader.StandardError.ReadToEndAsync();
    }

    public void Take() => Ask(LoaderHeaps.Take);

    /// <summary>The last samples by kind of heap, in bytes. Empty where the system does not let one process read another.</summary>
    public IReadOnlyDictionary<string, double[]> Last(int count)
    {
        if (Ask(LoaderHeaps.Report) is not { } report) return new Dictionary<string, double[]>();
        var samples = JsonSerializer.Deserialize<Dictionary<string, long>[]>(report)!.TakeLast(count).ToArray();
        return samples.SelectMany(sample => sample.Keys).Distinct().Order(StringComparer.Ordinal)
            .ToDictionary(kind => kind, kind => samples.Select(sample => (double)sample.GetValueOrDefault(kind)).ToArray());
    }

    public void Dispose()
    {
        reader.StandardInput.Close();
        reader.WaitForExit();
        reader.Dispose();
    }

    // Without an answer it could not read, and has ended.
    string? Ask(string question)
    {
        if (failed) return null;
        reader.StandardInput.WriteLine(question);
        reader.StandardInput.Flush();
        var answer = reader.StandardOutput.ReadLine();
        failed = answer is null;
        return answer;
    }
}
