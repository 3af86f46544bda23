using System.CommandLine;

namespace Evergrain.Host;

/// <summary>The host's options. Every mistake is told at once.</summary>
internal static class HostCommandLine
{
    public const int WrongUsage = 2;

    public const string DefaultUrl = "http://localhost:5080";

    static RootCommand Create(Func<HostSettings, CancellationToken, Task<int>> run)
    {
        var urls = new Option<string>("--urls") { Description = "Addresses to listen on, separated by ';'.", DefaultValueFactory = _ => DefaultUrl };
        var silos = new Option<int>("--silos") { Description = "Silos in this process, 1 to 32.", DefaultValueFactory = _ => 3 };
        var packages = new Option<string>("--packages") { Description = "Folder of module packages to preload; the oldest version of each is served.", DefaultValueFactory = _ => DefaultPackages() };
        var data = new Option<string?>("--data") { Description = "Where entities, releases and packages are kept: a file (SQLite), made where there is none, or a PostgreSQL database, as in 'Host=db;Database=game;Username=evergrain' or postgres://evergrain@db/game. Default: memory, which ends with the process." };
        var demo = new Option<bool>("--demo") { Description = "200 bots play while battle is rolled out and taken back, again and again." };
        var unsigned = new Option<bool?>("--allow-unsigned") { Description = "Accept packages without a signature. Default: only in development." };

        var restored = new Option<bool>("--new-incarnation") { Description = "The store of --data was restored from a backup: a new incarnation begins. Say it once." };

        urls.Validators.Add(result =>
        {
            var listed = Split(result.GetValueOrDefault<string>() ?? "");
            if (listed.Length == 0) result.AddError($"--urls names no address; write it as in {DefaultUrl}.");
            foreach (var url in listed)
                if (WhyNot(url) is { } why) result.AddError($"--urls: '{url}' {why}");
        });
        silos.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 32) result.AddError("--silos ranges from 1 to 32.");
        });
        packages.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } folder && !Directory.Exists(folder)) result.AddError($"--packages: there is no folder '{folder}'.");
        });
        data.Validators.Add(result =>
        {
            foreach (var problem in result.GetValueOrDefault<string?>() is { } value ? HostStores.Problems(value) : []) result.AddError($"--data: {problem}");
        });

        restored.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<bool>() && result.GetValue(data) is null) result.AddError("--new-incarnation needs --data: only what was kept can be restored.");
        });

        var root = new RootCommand($"""
            An Evergrain game server: several silos in one process, with the sample game.

            Ctrl+C or SIGTERM ends it in good order, a second one at once.
            Exit codes: 0 orderly end, 1 could not start, or with --demo a player saw a promise broken,
            {WrongUsage} wrong arguments.
            """) { urls, silos, packages, data, restored, demo, unsigned };
        root.SetAction((arguments, cancellation) =>
        {
            var development = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") == Environments.Development;
            return run(new HostSettings([.. Split(arguments.GetRequiredValue(urls)).Select(url => new Uri(url))], arguments.GetValue(silos),
                arguments.GetRequiredValue(packages), arguments.GetValue(data), arguments.GetValue(demo), arguments.GetValue(unsigned) ?? development, development)
            {
                NewIncarnation = arguments.GetValue(restored),
            }, cancellation);
        });
        return root;
    }

    /// <returns>The exit code; <see cref="WrongUsage"/> when nothing was started.</returns>
    public static async Task<int> Invoke(string[] arguments, Func<HostSettings, CancellationToken, Task<int>> run)
    {
        var parsed = Create(run).Parse(arguments);
        if (parsed.Errors.Count == 0)
        {
            using var signals = new EndSignals();
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, signals.Token);
        }
        foreach (var error in parsed.Errors) Console.Error.WriteLine(error.Message);
        Console.Error.WriteLine("See --help. Nothing was started.");
        return WrongUsage;
    }

    /// <summary>Null when the doors can be opened there, as far as one can tell before trying.</summary>
    static string? WhyNot(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme != Uri.UriSchemeHttp)
            return $"is not an http address; write it as in {DefaultUrl}, or http://0.0.0.0:5080 for every network.";
        if (parsed.PathAndQuery != "/") return "has a path; give the address alone.";
        return parsed is { Host: "localhost", Port: 0 } ? "cannot take a free port under a name; write http://127.0.0.1:0." : null;
    }

    static string[] Split(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // Beside the program where it was published; artifacts/packages where it was built.
    static string DefaultPackages()
    {
        var published = Path.Combine(AppContext.BaseDirectory, "packages");
        return Directory.Exists(published) ? published : Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "packages"));
    }
}
