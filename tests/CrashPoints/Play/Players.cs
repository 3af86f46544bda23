using Evergrain.Client;
using Evergrain.Contracts;

namespace Evergrain.CrashPoints.Play;

/// <summary>Callers over the game's own socket and client. What they do follows from a seed; in which order it meets, from the threads of two processes.</summary>
internal sealed class Players(Uri door, Journal journal) : IAsyncDisposable
{
    /// <summary>Purses <c>p0</c> to <c>p7</c> are there from the beginning; each chain of calls has a tally and a sketch of its own.</summary>
    public const int Purses = 8, Chains = 10;
    const int Names = 3;
    const long MostGold = 5, FirstGold = 100;

    readonly List<GameSocket> sockets = [];

    /// <exception cref="CallFailedException">The host is gone.</exception>
    public async Task Connect()
    {
        var socket = new UriBuilder(door) { Scheme = "ws", Path = "/v1/socket" }.Uri;
        // It is this program that calls again, on the next host: by the same keys.
        for (var i = 0; i < Names; i++) sockets.Add(await GameSocket.Connect(socket, new GameSocketOptions { Player = $"player{i}", Reconnects = 0 }));
    }

    /// <summary>Each purse gets its first gold.</summary>
    public Task Begin(string prefix) => Task.WhenAll(Enumerable.Range(0, Purses).Select(i => Do(Game.Minted($"{prefix}m{i}", i % Names, $"p{i}", FirstGold))));

    /// <summary>Calls, in chains beside each other, until the host is gone or it is enough.</summary>
    public Task Play(int seed, string prefix, CancellationToken enough) => Task.WhenAll(Enumerable.Range(0, Chains).Select(chain => Play(chain, new Random(unchecked(seed * 31 + chain)), prefix, enough)));

    /// <summary>Sends one call and writes down what became of it.</summary>
    /// <returns>False when no answer came.</returns>
    public async Task<bool> Do(Deed deed)
    {
        journal.Begin(deed);
        return await Ask(deed) is not null;
    }

    /// <summary>The same again, under the same key, for a call of an earlier host.</summary>
    /// <returns>Null when no answer came that leaves nothing open.</returns>
    public async Task<CallReply?> Ask(Deed deed)
    {
        var reply = await sockets[deed.Player].Call(deed.Entity, deed.Operation, deed.Arguments, new CallOptions { Key = deed.Key });
        journal.Saw(reply.Epoch);
        if (reply.Error is { } error) journal.Failed(error.Code);
        return deed.Answered(reply, journal.Deaths) ? reply : null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in sockets) await socket.DisposeAsync();
    }

    async Task Play(int chain, Random random, string prefix, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested; i++)
            foreach (var deed in Next($"{prefix}{chain}-{i}", chain, random))
                if (!await Do(deed)) return;
    }

    static Deed[] Next(string id, int chain, Random random)
    {
        var (player, from, gold) = (chain % Names, random.Next(Purses), 1 + random.NextInt64(MostGold));
        var to = $"p{(from + 1 + random.Next(Purses - 1)) % Purses}";
        var list = random.Next(5) < 3 ? Game.Tally(chain) : Game.Sketch(chain);
        return random.Next(100) switch
        {
            < 42 => [Game.Given(id, player, $"p{from}", to, gold)],
            < 52 => [Game.Minted(id, player, $"p{from}", gold)],
            < 62 => [Game.Matured(id, player, $"p{from}", gold)],
            // A guest's purse: a little later it is closed, before or after its gold has come.
            < 68 => [Game.Given(id, player, $"p{from}", $"g{id}", gold), Game.Noted($"{id}n", player, list), Game.Closed($"{id}c", player, $"g{id}", to)],
            < 86 => [Game.Noted(id, player, list)],
            < 91 => [Game.Saved(id, player, list)],
            _ => [Game.Gifted(id, player, list, to, gold)],
        };
    }
}
