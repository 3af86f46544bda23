using Evergrain.Bots.Judging;
using Evergrain.Bots.Playing;
using Evergrain.Bots.Talking;
using Evergrain.Contracts;

namespace Evergrain.Bots;

/// <summary>Plays the sample game through the doors with many bots at once, and judges what they saw.</summary>
public static class BotRun
{
    static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);
    static readonly TimeSpan SettlePause = TimeSpan.FromMilliseconds(500);
    const int LoginsAtOnce = 64;
    const int PlayersPerHall = 50;

    /// <summary>Runs until the duration is over, then until every match has ended and the gold is where it belongs.</summary>
    /// <param name="progress">Told once a second.</param>
    /// <param name="stop">Ends the play early; what was begun is still ended and judged.</param>
    /// <exception cref="ArgumentException">The options are out of range; the message names all that is wrong.</exception>
    /// <exception cref="CallFailedException">Nobody answers at the server, or it lets no player in.</exception>
    public static async Task<BotReport> Play(BotOptions options, TimeProvider time, IProgress<BotProgress>? progress = null, CancellationToken stop = default)
    {
        if (options.Problems() is { Count: > 0 } problems) throw new ArgumentException(string.Join(' ', problems), nameof(options));
        using var http = SocketLine.Http();
        return await Play(options, time, (world, name, random) =>
            SocketLine.Open(options, time, http, name, random, world.Ledger.AnsweredAgain, CancellationToken.None), progress, stop);
    }

    internal static async Task<BotReport> Play(
        BotOptions options, TimeProvider time, Func<World, string, Random, Task<IGameLine>> connect, IProgress<BotProgress>? progress, CancellationToken stop)
    {
        using var clock = new CancellationTokenSource();
        using var playing = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, stop);
        var world = new World(options, options.Prefix ?? $"bot{time.GetUtcNow().ToUnixTimeMilliseconds():x}", time, playing.Token);
        Task<IGameLine> Connect(string name, Random random) => connect(world, name, random);

        var stampede = options.Stampede > 0 ? await new Stampede(world, Connect).Run(options.Stampede) : null;
        var began = time.GetTimestamp();
        world.Bots = await LogIn(world, Connect);
        using var end = time.CreateTimer(_ => clock.Cancel(), null, options.Duration, Timeout.InfiniteTimeSpan);
        using var reporting = progress is null ? null : Report(world, progress, began);

        await Task.WhenAll(world.Bots.Select(bot => PlayOne(world, bot)));
        var found = await Settle(world);
        var report = Sum(world, found, stampede, time.GetElapsedTime(began));
        await Task.WhenAll(world.Bots.Select(bot => bot.Line.DisposeAsync().AsTask()));
        return report;
    }

    // The first alone, so that a server that is not there is one plain error.
    static async Task<IReadOnlyList<Bot>> LogIn(World world, Func<string, Random, Task<IGameLine>> connect)
    {
        var bots = new Bot?[world.Options.Players];
        await One(0, mayFail: false);
        await Crowd.ForEach(bots.Length - 1, LoginsAtOnce, index => One(index + 1, mayFail: true));
        return [.. bots.OfType<Bot>()];

        async Task One(int index, bool mayFail)
        {
            var name = $"{world.Prefix}-{index}";
            var random = world.Chance(index);
            try
            {
                var line = await connect(name, new Random(random.Next()));
                var bot = new Bot(world, line, name, index / PlayersPerHall, new Manners(random, IsRough(world.Options, index)));
                if (await bot.Balance() is not { } balance) throw new InvalidOperationException("its wallet could not be read.");
                world.Gold.Opened(balance);
                bots[index] = bot;
            }
            catch (Exception exception) when (mayFail)
            {
                world.BotFailed(name, exception);
            }
        }
    }

    // Spread evenly, so that rough and polite bots meet in the same matches.
    static bool IsRough(BotOptions options, int index) => Math.Floor((index + 1) * options.RoughShare) > Math.Floor(index * options.RoughShare);

    static async Task PlayOne(World world, Bot bot)
    {
        try
        {
            await bot.Play();
        }
        catch (Exception exception)
        {
            world.BotFailed(bot.Name, exception);
        }
    }

    // Sends of the game may still be on their way; they arrive, or the gold is off.
    static async Task<long?> Settle(World world)
    {
        var began = world.Time.GetTimestamp();
        while (true)
        {
            var balances = await Task.WhenAll(world.Bots.Select(bot => bot.Balance()));
            var found = balances.Any(balance => balance is null) ? null : balances.Sum();
            if (found is not null && world.Gold.Totals(found).Off == 0 || world.Time.GetElapsedTime(began) > world.Options.SettleWithin) return found;
            await Task.Delay(SettlePause, world.Time);
        }
    }

    static ITimer Report(World world, IProgress<BotProgress> progress, long began)
    {
        long before = 0;
        return world.Time.CreateTimer(_ =>
        {
            var calls = world.Ledger.Totals();
            var rate = (calls.Calls - Interlocked.Exchange(ref before, calls.Calls)) / ProgressEvery.TotalSeconds;
            progress.Report(new BotProgress
            {
                Elapsed = world.Time.GetElapsedTime(began),
                Players = world.Bots.Count - world.Failed,
                Matches = Interlocked.Read(ref world.Tally.Matches),
                Calls = calls,
                CallsPerSecond = rate,
                P99Ms = world.Ledger.TakeRecentP99Ms(),
                CastsByVersion = world.Damage.Totals().ByVersion,
            });
        }, null, ProgressEvery, ProgressEvery);
    }

    static BotReport Sum(World world, long? found, StampedeTotals? stampede, TimeSpan took)
    {
        var tally = world.Tally;
        var report = new BotReport
        {
            Players = world.Options.Players,
            RoughPlayers = Enumerable.Range(0, world.Options.Players).Count(index => IsRough(world.Options, index)),
            Seconds = took.TotalSeconds,
            Seed = world.Options.Seed,
            Breaches = [],
            Examples = world.Examples.All,
            Calls = world.Ledger.Totals(),
            Damage = world.Damage.Totals(),
            Frames = world.Frames.Totals(),
            Gold = world.Gold.Totals(found),
            Stampede = stampede,
            Activity = new(tally.Matches, tally.Unfinished, tally.Quests, tally.Trades, tally.Drops, tally.Resends, tally.Pauses, tally.Rubbish, world.Failed, world.Nonsense),
        };
        return report with { Breaches = Verdict.Of(report, world.Options.FaultsExpected) };
    }
}
