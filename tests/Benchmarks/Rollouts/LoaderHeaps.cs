using System.Diagnostics;
using Microsoft.Diagnostics.Runtime;

namespace Evergrain.Benchmarks.Rollouts;

/// <summary>What the runtime keeps of loaded code: every loader, code and stub heap of every load context. The runtime has no counter for
/// it, so a second process of this program reads the first through the debugger's data access component.</summary>
internal static class LoaderHeaps
{
    public const string Command = "loader-heaps";

    /// <summary>In the second process: prints the bytes of the process that is named.</summary>
    public static int Print(string process)
    {
        using var target = DataTarget.AttachToProcess(int.Parse(process), suspend: false);
        using var runtime = target.ClrVersions[0].CreateRuntime();
        Console.WriteLine(runtime.EnumerateClrNativeHeaps().Where(IsOfCode).Sum(heap => (long)heap.MemoryRange.Length));
        return 0;
    }

    // The collector's own tables and handles are in the same list.
    static bool IsOfCode(ClrNativeHeapInfo heap) =>
        !heap.Kind.ToString().StartsWith("GC", StringComparison.Ordinal) && !heap.Kind.ToString().StartsWith("Handle", StringComparison.Ordinal);

    /// <summary>Of this process. Null where the system does not let one process read another.</summary>
    public static long? Bytes()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Evergrain.Benchmarks" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        using var reader = Process.Start(new ProcessStartInfo(program, [Command, Environment.ProcessId.ToString()]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _ = reader.StandardError.ReadToEndAsync();
        var text = reader.StandardOutput.ReadToEnd();
        reader.WaitForExit();
        return reader.ExitCode == 0 && long.TryParse(text, out var bytes) ? bytes : null;
    }
}
