using Evergrain.CrashPoints.Play;
using Evergrain.CrashPoints.Points;
using Evergrain.CrashPoints.Stores;
using Evergrain.CrashPoints.Victim;
using Evergrain.Stores.Tests.Stores;

namespace Evergrain.CrashPoints.Runs;

/// <summary>The stores that points begin with: each kind is opened once by a host that ends in good order, and copied from then on.</summary>
internal sealed class StoreHouses : IAsyncDisposable
{
    readonly string packages = Directory.CreateTempSubdirectory("evergrain-crash-packages").FullName;
    readonly List<(IStoreHouse House, IReadOnlyList<Deed> Opening)> houses = [];

    /// <summary>The folder that hosts preload: the first version alone.</summary>
    public string Packages => packages;

    /// <summary>Why all points are played over SQLite; null when some are not.</summary>
    public string? NoPostgres => houses.Count > 1 ? null : PostgresServer.WhyNot ?? "not asked for.";

    public static async Task<StoreHouses> Open(bool postgres)
    {
        var houses = new StoreHouses();
        try
        {
            File.Copy(Game.Package("1.0.0"), Path.Combine(houses.packages, Path.GetFileName(Game.Package("1.0.0"))));
            await houses.Open(new SqliteHouse());
            if (!postgres || PostgresServer.WhyNot is not null) return houses;
            var server = new PostgresHouse();
            await server.Make();
            await houses.Open(server);
            return houses;
        }
        catch
        {
            await houses.DisposeAsync();
            throw;
        }
    }

    /// <summary>A store for a chain, and what was done to it before.</summary>
    public async Task<(StorePlace Place, IReadOnlyList<Deed> Opening)> For(ChainPlan plan)
    {
        var (house, opening) = plan.Postgres ? houses[^1] : houses[0];
        return plan.Empty ? (await house.New(), []) : (await house.Opened(), opening);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (house, _) in houses) await house.DisposeAsync();
        Directory.Delete(packages, recursive: true);
    }

    async Task Open(IStoreHouse house)
    {
        var place = await house.New();
        var journal = new Journal();
        houses.Add((house, []));
        await using (var victim = VictimProcess.Start(new VictimOrder(place.Data, packages, null, Tooth.None)))
        {
            var door = await victim.Door ?? throw new InvalidOperationException($"The first host did not start: {victim.Failure}");
            await using (var players = new Players(door, journal))
            {
                await players.Connect();
                await players.Begin("o");
            }
            await victim.Stop();
        }
        house.Keep(place);
        houses[^1] = (house, journal.Deeds);
    }
}
