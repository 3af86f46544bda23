using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.EndToEnd.Tests.Running;

/// <summary>The ops client as a process against a host. What it prints as JSON is read strictly, by the contracts.</summary>
internal sealed class OpsCli(RunningHost host)
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>Must end with that code.</summary>
    public async Task<T> Run<T>(int exitCode, JsonTypeInfo<T> type, params string[] arguments) =>
        JsonSerializer.Deserialize((await Ended(exitCode, [.. arguments, "--output", "json"])).Out, type)!;

    /// <summary>Must end with that code, and with one problem that says what to do next.</summary>
    public async Task<Problem> Problem(int exitCode, params string[] arguments)
    {
        var problem = JsonSerializer.Deserialize((await Ended(exitCode, [.. arguments, "--output", "json"])).Error, ContractsJson.Default.Problem)!;
        Assert.False(string.IsNullOrWhiteSpace(problem.Next));
        return problem;
    }

    /// <summary>What a person reads, as one line; must end well.</summary>
    public async Task<string> Text(params string[] arguments) =>
        string.Join(' ', (await Ended(0, arguments)).Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    async Task<(string Out, string Error)> Ended(int exitCode, string[] arguments)
    {
        await using var cli = ProgramProcess.Start(Built.Cli, arguments, new Dictionary<string, string?> { ["EVERGRAIN_SERVER"] = host.Url.ToString() });
        Assert.True(await cli.Ended(Limit) == exitCode, $"evergrain {string.Join(' ', arguments)} did not end with {exitCode}:\n{cli}");
        return (cli.Out.ToString(), cli.Error.ToString());
    }
}
