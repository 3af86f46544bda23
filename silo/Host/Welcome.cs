using System.Net;
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

    public static void Print(WebApplication app, EmbeddedCluster cluster, HostSettings settings)
    {
        var url = Door(app).GetLeftPart(UriPartial.Authority);
        var modules = cluster.Members.SelectMany(silo => silo.Modules.Table.Slots).Select(slot => slot.Id.ToString()).Distinct().Order();
        Console.WriteLine($"""
            Evergrain: {settings.Silos} silo{(settings.Silos == 1 ? "" : "s")} serve {string.Join(", ", modules)} at epoch {cluster.Members.Max(silo => silo.Entities.Epoch)}.
              players    {url.Replace("http", "ws")}/v1/socket, or POST {url}/v1/call/battle/room-17/battle.look
              operators  {url}/v1/ops/status
            {(settings.Demo ? "" : $"Try, in another terminal:\n  ./evergrain status{(url == HostCommandLine.DefaultUrl ? "" : $" --server {url}")}\n")}
            """.TrimEnd());
    }
}
