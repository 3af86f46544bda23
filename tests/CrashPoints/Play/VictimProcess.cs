using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Evergrain.CrashPoints.Points;
using Evergrain.CrashPoints.Victim;

namespace Evergrain.CrashPoints.Play;

/// <summary>A process that plays a host and may be killed in its midst. Disposing kills it.</summary>
internal sealed partial class VictimProcess : IAsyncDisposable
{
    const int Terminate = 15, MostLines = 200;
    readonly Process process;
    readonly Task reading;
    readonly TaskCompletionSource<Uri?> door = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly List<string> errors = [];

    VictimProcess(Process process)
    {
        this.process = process;
        reading = Task.WhenAll(Read(process.StandardOutput, Hear), Read(process.StandardError, Complain));
        Ended = End();
    }

    /// <summary>Where it serves; null when it ended before.</summary>
    public Task<Uri?> Door => door.Task;

    /// <summary>When all that it said was heard.</summary>
    public Task Ended { get; }

    /// <summary>Where it was struck; null when it was not, or said nothing.</summary>
    public Struck? Struck { get; private set; }

    /// <summary>It ended by itself, and not where it was to.</summary>
    public string? Failure => Struck is null && !killed && Ended.IsCompleted && process.ExitCode != 0 ? $"it ended with {process.ExitCode}: {string.Join(" | ", errors)}" : null;

    bool killed;

    public static VictimProcess Start(VictimOrder order)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(VictimProcess).Assembly.Location, .. order.Arguments()])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment.Remove("ASPNETCORE_URLS");
        return new VictimProcess(Process.Start(start)!);
    }

    /// <summary>From now on its calls count. Nothing happens when it is dead.</summary>
    public async Task Arm()
    {
        try
        {
            await process.StandardInput.WriteLineAsync(VictimOrder.ArmLine);
            await process.StandardInput.FlushAsync();
        }
        catch (IOException) when (process.HasExited)
        {
            await Ended;
        }
    }

    /// <summary><c>kill -9</c> from outside.</summary>
    public async Task Kill()
    {
        killed = true;
        if (!process.HasExited) process.Kill();
        await Ended;
    }

    /// <summary>An orderly end.</summary>
    public async Task Stop()
    {
        Send(process.Id, Terminate);
        await Ended;
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        process.Dispose();
    }

    async Task End()
    {
        await process.WaitForExitAsync();
        await reading;
        door.TrySetResult(null);
    }

    void Hear(string line)
    {
        if (line.StartsWith(VictimOrder.StruckLine, StringComparison.Ordinal)) Struck = JsonSerializer.Deserialize<Struck>(line[VictimOrder.StruckLine.Length..]);
        // "  operators  http://127.0.0.1:40891/v1/ops/status"
        else if (line.Contains("operators", StringComparison.Ordinal)) door.TrySetResult(new Uri(new Uri(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1]).GetLeftPart(UriPartial.Authority)));
    }

    void Complain(string line)
    {
        lock (errors)
            if (errors.Count < MostLines) errors.Add(line);
    }

    static async Task Read(StreamReader from, Action<string> hear)
    {
        while (await from.ReadLineAsync() is { } line) hear(line);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Send(int process, int signal);
}
