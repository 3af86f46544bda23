using System.Globalization;

namespace Evergrain.Benchmarks.Rollouts;

/// <summary>Which addresses of a process have memory behind them. A loader heap reserves 64 KiB and more at once and commits it page by page;
/// what is only reserved costs nothing, and its steps would hide a slope.</summary>
internal sealed class CommittedMemory
{
    readonly List<(ulong Start, ulong End)> mappings;

    CommittedMemory(List<(ulong Start, ulong End)> mappings) => this.mappings = mappings;

    /// <summary>Null on systems that do not list it.</summary>
    public static CommittedMemory? Of(int process)
    {
        var list = $"/proc/{process}/maps";
        if (!File.Exists(list)) return null;
        var mappings = new List<(ulong, ulong)>();
        // 7f9a9f2a0000-7f9a9f2b0000 rw-p …
        foreach (var line in File.ReadLines(list))
        {
            var (dash, space) = (line.IndexOf('-'), line.IndexOf(' '));
            if (line.AsSpan(space + 1).StartsWith("---")) continue;
            mappings.Add((Address(line.AsSpan(0, dash)), Address(line.AsSpan(dash + 1, space - dash - 1))));
        }
        return new CommittedMemory(mappings);
    }

    public long Within(ulong start, ulong end)
    {
        var bytes = 0L;
        foreach (var mapping in mappings)
            if (mapping.Start < end && start < mapping.End) bytes += (long)(Math.Min(mapping.End, end) - Math.Max(mapping.Start, start));
        return bytes;
    }

    static ulong Address(ReadOnlySpan<char> text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
