using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Evergrain.Cli.Tests;

/// <summary>One run of the CLI as a process of its own, its output redirected.</summary>
internal sealed record CliProcess(int ExitCode, string Out, string Error)
{
    const int InterruptSignal = 2;
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    static readonly string Program = Path.Combine(AppContext.BaseDirectory, "evergrain.dll");

    public JsonElement Json => JsonDocument.Parse(Out).RootElement;
    public JsonElement Problem => JsonDocument.Parse(Error).RootElement;

    public static Task<CliProcess> Run(params string[] arguments) => Run(arguments, []);

    /// <param name="interruptWhen">When this completes, the process gets what Ctrl-C sends.</param>
    public static async Task<CliProcess> Run(string[] arguments, Dictionary<string, string?> environment, Task? interruptWhen = null)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("EVERGRAIN_SERVER");
        start.Environment.Remove("EVERGRAIN_COMMAND");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            if (interruptWhen is not null)
            {
                await interruptWhen.WaitAsync(limit.Token);
                Assert.Equal(0, Signal(process.Id, InterruptSignal));
            }
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"evergrain {string.Join(' ', arguments)} did not end within {Limit.TotalSeconds} s.");
        }
        return new CliProcess(process.ExitCode, await output, await error);
    }

    [DllImport("libc", EntryPoint = "kill")]
    static extern int Signal(int process, int signal);
}
