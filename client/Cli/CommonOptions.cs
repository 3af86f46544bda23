using System.CommandLine;
using System.CommandLine.Parsing;
using Evergrain.Cli.Ops;
using Evergrain.Cli.Screens;

namespace Evergrain.Cli;

/// <summary>The options that every command takes, and the one way in which a command runs: its work inside, errors turned into exit codes here.</summary>
internal sealed class CommonOptions
{
    public const string ServerVariable = "EVERGRAIN_SERVER";
    public const string DefaultServer = "http://localhost:5080";
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);
    const double MaxTimeoutSeconds = 86_400;

    public Option<Uri> Server { get; } = new("--server")
    {
        Description = $"Where the doors are; goes before {ServerVariable}.",
        HelpName = "URL",
        Recursive = true,
        CustomParser = result => Parse(result, result.Tokens[^1].Value, "--server"),
        DefaultValueFactory = FromEnvironment,
    };

    public Option<OutputFormat> Output { get; } = new("--output", "-o")
    {
        Description = "text for people; json for programs: one document on stdout, errors on stderr.",
        HelpName = "text|json",
        Recursive = true,
        CustomParser = ParseOutput,
    };

    public Option<double?> Timeout { get; } = new("--timeout")
    {
        Description = "How long the whole command may take. Default 30; for a command that waits for a rollout its deadline + 60.",
        HelpName = "SECONDS",
        Recursive = true,
        CustomParser = result => Arguments.Number(result, "--timeout", 0.001, MaxTimeoutSeconds),
    };

    /// <summary>Gives the command its action.</summary>
    public void Handle(Command command, Func<ParseResult, Session, Task<int>> work) =>
        command.SetAction((parsed, interruption) => Run(parsed, work, interruption));

    async Task<int> Run(ParseResult parsed, Func<ParseResult, Session, Task<int>> work, CancellationToken interruption)
    {
        var json = parsed.GetValue(Output) == OutputFormat.Json;
        var server = parsed.GetRequiredValue(Server);
        var timeout = parsed.GetValue(Timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        using var session = new Session(server, json, timeout, TimeProvider.System, interruption);
        try
        {
            return await work(parsed, session);
        }
        catch (OpsException failure)
        {
            ProblemScreen.Write(failure.Problem, json);
            return failure.ExitCode;
        }
        catch (Exception fault)
        {
            ProblemScreen.Write(LocalProblems.Fault(fault), json);
            return ExitCode.Fault;
        }
    }

    static Uri FromEnvironment(ArgumentResult result)
    {
        var text = Environment.GetEnvironmentVariable(ServerVariable);
        return Parse(result, string.IsNullOrWhiteSpace(text) ? DefaultServer : text, ServerVariable);
    }

    static Uri Parse(ArgumentResult result, string text, string name)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", Query: "", Fragment: "" }) return uri;
        result.AddError($"{name} is '{text}': not the URL of a server, such as {DefaultServer}.");
        return new Uri(DefaultServer);
    }

    static OutputFormat ParseOutput(ArgumentResult result)
    {
        switch (result.Tokens[^1].Value)
        {
            case "text": return OutputFormat.Text;
            case "json": return OutputFormat.Json;
            default:
                result.AddError($"--output is text or json, not '{result.Tokens[^1].Value}'.");
                return default;
        }
    }
}
