using System.CommandLine;

namespace Evergrain.Host;

/// <summary>The host's options. Every mistake is told at once.</summary>
internal static class HostCommandLine
{
    public const string DefaultUrl = "http://localhost:5080";

    public static RootCommand Create(Func<HostSettings, CancellationToken, Task<int>> run)
    {
        var urls = new Option<string>("--urls") { Description = "Addresses to listen on, separated by ';'.", DefaultValueFactory = _ => DefaultUrl };
        var silos = new Option<int>("--silos") { Description = "Silos in this process, 1 to 32.", DefaultValueFactory = _ => 3 };
        var packages = new Option<string>("--packages") { Description = "Folder of module packages to preload; the oldest version of each is served.", DefaultValueFactory = _ => DefaultPackages() };
        var demo = new Option<bool>("--demo") { Description = "200 bots play while battle is rolled out and taken back, again and again." };
        var unsigned = new Option<bool?>("--allow-unsigned") { Description = "Accept packages without a signature. Default: only in development." };

        urls.Validators.Add(result =>
        {
            foreach (var url in Split(result.GetValueOrDefault<string>() ?? ""))
                if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme != Uri.UriSchemeHttp)
                    result.AddError($"--urls: '{url}' is not an http address; write it as in {DefaultUrl}.");
        });
        silos.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 32) result.AddError("--silos ranges from 1 to 32.");
        });
        packages.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } folder && !Directory.Exists(folder)) result.AddError($"--packages: there is no folder '{folder}'.");
        });

        var root = new RootCommand("An Evergrain game server: several silos in one process, with the sample game.") { urls, silos, packages, demo, unsigned };
        root.SetAction((arguments, cancellation) =>
        {
            var development = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") == Environments.Development;
            return run(new HostSettings([.. Split(arguments.GetRequiredValue(urls)).Select(url => new Uri(url))], arguments.GetValue(silos),
                arguments.GetRequiredValue(packages), arguments.GetValue(demo), arguments.GetValue(unsigned) ?? development, development), cancellation);
        });
        return root;
    }

    static string[] Split(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // Beside the program where it was published; artifacts/packages where it was built.
    static string DefaultPackages()
    {
        var published = Path.Combine(AppContext.BaseDirectory, "packages");
        return Directory.Exists(published) ? published : Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "packages"));
    }
}
