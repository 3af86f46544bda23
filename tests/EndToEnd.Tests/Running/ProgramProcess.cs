using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Evergrain.EndToEnd.Tests.Running;

/// <summary>One of the programs as a process of its own. Disposing kills it with all that it started.</summary>
internal sealed class ProgramProcess : IAsyncDisposable
{
    readonly Process process;
    readonly Task reading;

    ProgramProcess(Process process)
    {
        this.process = process;
        reading = Task.WhenAll(Read(process.StandardOutput, Out), Read(process.StandardError, Error));
    }

    public int Id => process.Id;
    public bool HasEnded => process.HasExited;
    public ProcessLog Out { get; } = new();
    public ProcessLog Error { get; } = new();

    /// <param name="environment">Null takes a variable away.</param>
    public static ProgramProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var name in (string[])["EVERGRAIN_SERVER", "ASPNETCORE_ENVIRONMENT", "ASPNETCORE_URLS"]) start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        return new ProgramProcess(Process.Start(start)!);
    }

    /// <summary>The exit code.</summary>
    /// <exception cref="TimeoutException">It still runs.</exception>
    public async Task<int> Ended(TimeSpan within)
    {
        try
        {
            await process.WaitForExitAsync().WaitAsync(within);
            await reading.WaitAsync(within);
            return process.ExitCode;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The process did not end within {within.TotalSeconds} s. It said:\n{this}");
        }
    }

    /// <summary>What Ctrl-C sends.</summary>
    public void Interrupt() => Send(2);

    /// <summary>What <c>kill</c> and service managers send.</summary>
    public void Terminate() => Send(15);

    /// <summary>What nothing survives: <c>kill -9</c>.</summary>
    public void Kill() => process.Kill();

    public override string ToString() => $"{Out}\n{Error}";

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        await reading;
        process.Dispose();
    }

    void Send(int signal) => Assert.Equal(0, Kill(process.Id, signal));

    static async Task Read(StreamReader from, ProcessLog log)
    {
        while (await from.ReadLineAsync() is { } line) log.Add(line);
        log.End();
    }

    [DllImport("libc", EntryPoint = "kill")]
    static extern int Kill(int process, int signal);
}
