using Evergrain.Bots.Talking;
using Evergrain.Contracts;

namespace Evergrain.Bots.Playing;

/// <summary>One player: queues, fights, quests, trades, over and over, until the time is up.</summary>
internal sealed class Bot(World world, IGameLine line, string name, int hall, Manners manners)
{
    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(3);
    static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    readonly Voice voice = new(line, world, manners);
    readonly EntityId lobby = new("lobby", $"{world.Prefix}-{hall}");
    readonly HashSet<string> played = [];
    volatile string? matched;

    public string Name => name;
    public IGameLine Line => line;

    public async Task Play()
    {
        var errands = new Errands(world, voice, name, manners);
        await using var ear = await voice.Subscribe(lobby, OnLobby);
        while (!world.Playing.IsCancellationRequested)
        {
            await Task.Delay(manners.Think(), world.Time);
            await errands.TakeQuests();
            if (await Queue() is { } room) await Fight(room);
            await errands.EndQuests();
            await errands.Heal();
            await errands.Trade();
        }
        if (await LeaveLobby() is { } last) await Fight(last);
        await errands.EndQuests();
    }

    /// <summary>Null when it could not be read.</summary>
    public async Task<long?> Balance() =>
        (await voice.Ask(new EntityId("wallet", name), "wallet.balance", GameJson.Default.Purse)).Value?.Balance;

    async Task<string?> Queue()
    {
        matched = null;
        await voice.Ask(lobby, "lobby.queue", new QueueFor(MatchPlay.Players), GameJson.Default.QueueFor, GameJson.Default.Place);
        while (!world.Playing.IsCancellationRequested)
        {
            if (await Matched(PollEvery) is { } room) return room;
            switch ((await Status("lobby.status")).Value)
            {
                case { State: "matched", Room: { } open } when !played.Contains(open): return open;
                // The queue was set back with its silo, or the call failed.
                case { State: not "waiting" } or null: return null;
            }
        }
        return null;
    }

    /// <returns>A room, when the bot was matched before it could leave.</returns>
    async Task<string?> LeaveLobby()
    {
        var place = (await Status("lobby.leave")).Value;
        for (var i = 0; i < LongestWait / PollEvery && place is null or { State: "waiting" }; i++)
        {
            if (await Matched(PollEvery) is { } room) return room;
            place = (await Status(place is null ? "lobby.leave" : "lobby.status")).Value;
        }
        return place is { State: "matched", Room: { } open } && !played.Contains(open) ? open : null;
    }

    async Task Fight(string room)
    {
        played.Add(room);
        if (played.Count > 16) played.ExceptWith(played.Take(8).ToArray());
        await new MatchPlay(world, line, voice, name, EntityId.Parse(room), manners).Play();
    }

    Task<Answer<Place>> Status(string operation) => voice.Ask(lobby, operation, GameJson.Default.Place);

    // Looked at often enough for a human; nothing of the bot runs on the thread that reads the socket.
    async Task<string?> Matched(TimeSpan within)
    {
        for (var began = world.Time.GetTimestamp(); world.Time.GetElapsedTime(began) < within;)
        {
            // The event of an earlier match may come late, after a pause or a drop.
            if (matched is { } room && !played.Contains(room)) return room;
            await Task.Delay(Glance, world.Time);
        }
        return null;
    }

    void OnLobby(GameEvent happened)
    {
        if (happened.Name != "lobby.matched" || Voice.Read(happened.Data, GameJson.Default.Matched) is not { } match) return;
        if (match.Players.Contains(name)) matched = match.Room;
    }
}
