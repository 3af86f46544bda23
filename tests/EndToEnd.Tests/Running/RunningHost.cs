using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.EndToEnd.Tests.Running;

/// <summary>A host that serves the sample game on a free port of this machine: three silos, a development host. A class fixture: its tests
/// share it, one after the other.</summary>
public class RunningHost : IAsyncLifetime
{
    static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);
    static readonly Dictionary<string, string?> Development = new() { ["ASPNETCORE_ENVIRONMENT"] = "Development" };
    ProgramProcess? process;
    HttpClient? http;

    /// <summary>Where the doors are.</summary>
    public Uri Url { get; private set; } = null!;

    internal HttpClient Http => http!;
    internal OpsDoor Ops { get; private set; } = null!;
    internal ProgramProcess Process => process!;

    /// <summary>What the host has said; for the output of a test that failed.</summary>
    public string Log => process?.ToString() ?? "";

    public Task InitializeAsync() => Start(["--silos", "3"], Development);

    /// <param name="url">Where to listen; null: on a free port.</param>
    internal async Task Start(string[] arguments, Dictionary<string, string?> environment, Uri? url = null)
    {
        process = ProgramProcess.Start(Built.Host, ["--urls", url is null ? "http://127.0.0.1:0" : $"http://127.0.0.1:{url.Port}", .. arguments], environment);
        try
        {
            Url = DoorIn(await process.Out.Line(line => line.Contains("operators", StringComparison.Ordinal)).WaitAsync(StartsWithin));
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"The host did not start. It said:\n{process}", exception);
        }
        http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(30) };
        Ops = new OpsDoor(http);
    }

    /// <summary>A host of two silos over a store, while it is used.</summary>
    internal static async Task Over(string data, Func<RunningHost, Task> use, params string[] more)
    {
        var host = new RunningHost();
        try
        {
            await host.Start(["--silos", "2", "--data", data, .. more], Development);
            await use(host);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    public async Task DisposeAsync()
    {
        http?.Dispose();
        if (process is not null) await process.DisposeAsync();
    }

    internal static EntityId Entity(string id) => EntityId.TryParse(id, out var entity) ? entity : throw new FormatException(id);

    // "  operators  http://127.0.0.1:40891/v1/ops/status"
    static Uri DoorIn(string line) => new(new Uri(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1]).GetLeftPart(UriPartial.Authority));
}
