using Evergrain.Embedded;

namespace Evergrain.Host;

/// <summary>What a newcomer reads first.</summary>
internal static class Welcome
{
    public static void Print(WebApplication app, EmbeddedCluster cluster, HostSettings settings)
    {
        var url = app.Urls.First();
        var modules = cluster.Members.SelectMany(silo => silo.Modules.Table.Slots).Select(slot => slot.Id.ToString()).Distinct().Order();
        Console.WriteLine($"""
            Evergrain: {settings.Silos} silo{(settings.Silos == 1 ? "" : "s")} serve {string.Join(", ", modules)} at epoch {cluster.Members.Max(silo => silo.Entities.Epoch)}.
              players    {url.Replace("http", "ws")}/v1/socket, or POST {url}/v1/call/battle/room-17/battle.look
              operators  {url}/v1/ops/status
            {(settings.Demo ? "" : $"Try, in another terminal:\n  ./evergrain status{(url == HostCommandLine.DefaultUrl ? "" : $" --server {url}")}\n")}
            """.TrimEnd());
    }
}
