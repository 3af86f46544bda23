using Evergrain.Bots.Judging;
using Evergrain.Bots.Talking;
using Evergrain.Contracts;

namespace Evergrain.Bots.Playing;

/// <summary>Very many players log in at once, each by HTTP and socket, and ask for their player. All must be answered.</summary>
internal sealed class Stampede(World world, Func<string, Random, Task<IGameLine>> connect)
{
    /// <summary>Logins under way at the same time; this process has to live as well.</summary>
    const int AtOnce = 512;
    const int Tries = 5;

    readonly LatencyHistogram times = new();
    readonly List<IGameLine> open = [];
    readonly Lock gate = new();
    long answered, refused, unanswered;

    public async Task<StampedeTotals> Run(int players)
    {
        var began = world.Time.GetTimestamp();
        await Crowd.ForEach(players, AtOnce, index => LogIn($"{world.Prefix}-s{index}", world.Chance(BotOptions.MaxPlayers + index)));
        var took = world.Time.GetElapsedTime(began);
        foreach (var line in open) await line.DisposeAsync();
        return new(players, answered, refused, unanswered, took.TotalSeconds, times.PercentileMs(0.99), times.MaxMs);
    }

    async Task LogIn(string name, Random random)
    {
        var began = world.Time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var line = await connect(name, random);
                lock (gate) open.Add(line);
                var look = await new Voice(line, world, new Manners(random, rough: false)).Ask(new EntityId("player", name), "player.look", GameJson.Default.PlayerView);
                Count(ref look.Reply is null ? ref unanswered : ref look.Value is null ? ref refused : ref answered, began);
                return;
            }
            catch (CallFailedException failed) when (failed.Error.Code is not ErrorCodes.ConnectionLost and not ErrorCodes.Internal && failed.Error.RetryAfterMs is { } wait && attempt < Tries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(wait), world.Time);
            }
            catch (CallFailedException failed)
            {
                world.Examples.Add($"stampede: {name}: {failed.Error.Code}: {failed.Error.Message}");
                Count(ref failed.Error.Code == ErrorCodes.ConnectionLost ? ref unanswered : ref refused, began);
                return;
            }
        }
    }

    void Count(ref long count, long began)
    {
        lock (gate)
        {
            count++;
            times.Add(world.Time.GetElapsedTime(began));
        }
    }
}

/// <param name="Answered">Logged in, and saw their player.</param>
/// <param name="Refused">Got an error that says why.</param>
/// <param name="Unanswered">Got nothing: a breach.</param>
public sealed record StampedeTotals(long Players, long Answered, long Refused, long Unanswered, double Seconds, double P99Ms, double MaxMs);
