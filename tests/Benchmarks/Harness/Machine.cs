using System.Runtime.InteropServices;

namespace Evergrain.Benchmarks.Harness;

/// <summary>Where a result was measured. Nothing that names the machine itself.</summary>
internal sealed record Machine(int Cores, string Architecture, string System, string Runtime, int MemoryGiB)
{
    public static Machine Describe() => new(
        Environment.ProcessorCount, RuntimeInformation.OSArchitecture.ToString(), OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "macOS" : "Linux",
        RuntimeInformation.FrameworkDescription, (int)Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30)));
}

/// <summary>One benchmark's result as it is committed.</summary>
internal sealed record BenchmarkResult(string Name, string Summary, DateTimeOffset At, Machine Machine, IReadOnlyList<Figure> Figures);
