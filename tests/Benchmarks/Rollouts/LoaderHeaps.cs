using System.Globalization;
using System.Text.Json;
using Microsoft.Diagnostics.Runtime;

namespace Evergrain.Benchmarks.Rollouts;

/// <summary>What the runtime keeps of loaded code: every loader, code and stub heap of the host and of every load context. The runtime has no
/// counter for it, so a second process of this program reads the first through the debugger's data access component.</summary>
internal static class LoaderHeaps
{
    public const string Command = "loader-heaps";

    public const string Take = "take", Taken = "taken", Report = "report";

    /// <summary>In the second process: takes a sample of the named process for each <see cref="Take"/> that comes, and for <see cref="Report"/>
    /// writes all of them in one line: bytes by kind of heap.</summary>
    public static int Serve(string process)
    {
        var id = int.Parse(process, CultureInfo.InvariantCulture);
        var samples = new List<IReadOnlyDictionary<string, long>>();
        while (Console.ReadLine() is { } asked)
        {
            if (asked == Take) samples.Add(Read(id));
            Console.WriteLine(asked == Report ? JsonSerializer.Serialize(samples) : Taken);
        }
        return 0;
    }

    static SortedDictionary<string, long> Read(int process)
    {
        using var target = DataTarget.AttachToProcess(process, suspend: false);
        using var runtime = target.ClrVersions[0].CreateRuntime();
        var code = Starts(runtime.EnumerateJitManagers().SelectMany(manager => manager.EnumerateNativeHeaps()));
        var host = Starts(runtime.AppDomains.SelectMany(domain => domain.EnumerateLoaderAllocatorHeaps()));
        var committed = CommittedMemory.Of(process);
        var bytes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        // The host's heaps are in the list once for each domain and once more for its modules.
        foreach (var heap in runtime.EnumerateClrNativeHeaps().Where(IsOfCode).DistinctBy(heap => heap.MemoryRange.Start))
        {
            var owner = code.Contains(heap.MemoryRange.Start) ? "jit" : host.Contains(heap.MemoryRange.Start) ? "host" : "modules";
            var kind = $"{owner}/{heap.Kind}";
            bytes[kind] = bytes.GetValueOrDefault(kind) + (committed?.Within(heap.MemoryRange.Start, heap.MemoryRange.End) ?? (long)heap.MemoryRange.Length);
        }
        return bytes;
    }

    static HashSet<ulong> Starts(IEnumerable<ClrNativeHeapInfo> heaps) => [.. heaps.Select(heap => heap.MemoryRange.Start)];

    // The collector's own tables and handles are in the same list.
    static bool IsOfCode(ClrNativeHeapInfo heap) =>
        !heap.Kind.ToString().StartsWith("GC", StringComparison.Ordinal) && !heap.Kind.ToString().StartsWith("Handle", StringComparison.Ordinal);
}
