using System.ComponentModel;
using System.Diagnostics;

namespace Evergrain.Stores.Tests.Stores;

/// <summary>Watches from outside how a process flushes its files. It marks a moment by making a file (<see cref="Mark"/>).</summary>
public static class Strace
{
    static readonly string[] Options = ["-f", "--seccomp-bpf", "-y", "-e", "trace=openat,fsync,fdatasync"];

    /// <summary>Why it cannot be used on this machine; null when it can.</summary>
    public static string? WhyNot { get; } = Try();

    /// <summary>Runs a program to its end.</summary>
    /// <param name="log">The file that its calls of the system go to.</param>
    /// <returns>What it wrote to its standard output.</returns>
    /// <exception cref="InvalidOperationException">It ended with an error.</exception>
    public static async Task<string> Run(string log, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("strace", [.. Options, "-o", log, program, .. arguments]) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program} ended with {process.ExitCode} under strace. It said: {said}");
    }

    /// <summary>In the watched process: this moment.</summary>
    public static void Mark(string file) => File.WriteAllBytes(file, []);

    /// <summary>The files that were flushed between two marks, once for each flush that succeeded.</summary>
    /// <param name="log">Of <see cref="Run"/>.</param>
    /// <exception cref="InvalidDataException">A mark is missing.</exception>
    public static IReadOnlyList<string> Flushed(string log, string from, string until)
    {
        var flushed = new List<string>();
        var begun = new Dictionary<string, string>(); // by thread: the file that it flushes
        var within = false;
        foreach (var line in File.ReadLines(log))
        {
            if (line.Contains($"\"{from}\"", StringComparison.Ordinal)) within = true;
            if (line.Contains($"\"{until}\"", StringComparison.Ordinal)) return within ? flushed : throw new InvalidDataException($"{log} has {until} before {from}.");
            // "7 fdatasync(41</tmp/a.db-wal>) = 0", or in two parts where threads take turns: "… <unfinished ...>" and "… resumed>) = 0"
            if (!line.Contains("sync", StringComparison.Ordinal)) continue;
            var thread = line[..line.IndexOf(' ')];
            if (line.Contains("sync(", StringComparison.Ordinal)) begun[thread] = line[(line.IndexOf('<') + 1)..line.IndexOf('>')];
            if (within && line.EndsWith("= 0", StringComparison.Ordinal) && begun.TryGetValue(thread, out var file)) flushed.Add(file);
        }
        throw new InvalidDataException($"{log} lacks {(within ? until : from)}.");
    }

    static string? Try()
    {
        if (!OperatingSystem.IsLinux()) return "strace is a program of Linux.";
        try
        {
            using var process = Process.Start(new ProcessStartInfo("strace", [.. Options, "-o", "/dev/null", "true"]) { RedirectStandardError = true })!;
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"strace may not watch processes here: {said.Trim()}";
        }
        catch (Win32Exception)
        {
            return "strace is not installed here: it is not on the PATH. Install the package 'strace'.";
        }
    }
}
