using System.Net;
using Evergrain.Contracts;
using Evergrain.Embedded;

namespace Evergrain.Host;

/// <summary>What a newcomer reads first.</summary>
internal static class Welcome
{
    /// <summary>Where this machine itself knocks: the address that was really taken, so a port of 0 is the one that was free.</summary>
    public static Uri Door(WebApplication app)
    {
        var first = new Uri(app.Urls.First());
        return IPAddress.TryParse(first.Host.Trim('[', ']'), out var every) && (every.Equals(IPAddress.Any) || every.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(first) { Host = "localhost" }.Uri
            : first;
    }

    public static async Task Print(WebApplication app, EmbeddedCluster cluster, HostStores stores, HostSettings settings)
    {
        var url = Door(app).GetLeftPart(UriPartial.Authority);
        var serving = cluster.Members.SelectMany(silo => silo.Modules.Table.Slots).Select(slot => slot.Id).Distinct().OrderBy(id => id.Name, StringComparer.Ordinal).ToList();
        Console.WriteLine($"""
            Evergrain: {settings.Silos} silo{(settings.Silos == 1 ? "" : "s")} serve {string.Join(", ", serving)} at epoch {cluster.Members.Max(silo => silo.Entities.Epoch)}.
              players    {url.Replace("http", "ws")}/v1/socket, {url}/v1/call
              operators  {url}/v1/ops/status
              kept       in {stores.Where ?? "memory, until it ends; see --data"}
            Try, in another terminal:
            """);
        foreach (var command in await Commands(cluster, settings, url, serving)) Console.WriteLine($"  {command}");
        Console.WriteLine("Ctrl+C ends it.");
    }

    static async Task<IEnumerable<string>> Commands(EmbeddedCluster cluster, HostSettings settings, string url, IReadOnlyList<ModuleId> serving)
    {
        var program = OperatingSystem.IsWindows() ? "evergrain" : "./evergrain";
        var server = url == HostCommandLine.DefaultUrl ? "" : $" --server {url}";
        var status = $"{program} status{(settings.Demo ? " --watch" : "")}{server}";
        if (settings.Demo) return [status];

        var next = (await cluster.Ops.Packages(CancellationToken.None)).Select(package => new ModuleId(package.Name, package.Version))
            .Except(serving).OrderBy(id => id.ToString(), StringComparer.Ordinal).FirstOrDefault();
        return
        [
            .. serving.Any(id => id.Name == "battle") ? [$"curl -d \"{{}}\" {url}/v1/call/battle/yard/battle.join"] : Array.Empty<string>(),
            status,
            .. next != default ? [$"{program} rollout start {next}{server}"] : Array.Empty<string>(),
        ];
    }
}
