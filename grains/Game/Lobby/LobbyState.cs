namespace Lobby;

/// <param name="Rooms">How many rooms were opened so far; numbers them.</param>
/// <param name="Waiting">In the order of arrival.</param>
/// <param name="Matches">Whose room has not closed yet.</param>
public sealed record LobbyState(long Rooms, IReadOnlyList<Ticket> Waiting, IReadOnlyList<Match> Matches)
{
    public LobbyState Enqueue(string player, int size) =>
        Waiting.Contains(new(player, size)) ? this : this with { Waiting = [.. Waiting.Where(ticket => ticket.Player != player), new(player, size)] };

    public LobbyState Dequeue(string player) => this with { Waiting = [.. Waiting.Where(ticket => ticket.Player != player)] };

    /// <summary>The first players who together fill a match; null when there are too few.</summary>
    public IReadOnlyList<string>? Party(int size)
    {
        var party = Waiting.Where(ticket => ticket.Size == size).Take(size).Select(ticket => ticket.Player).ToArray();
        return party.Length == size ? party : null;
    }

    public LobbyState Match(string room, IReadOnlyList<string> players) => new(
        Rooms + 1,
        [.. Waiting.Where(ticket => !players.Contains(ticket.Player))],
        [.. Matches, new Match(room, players, Open: false)]);

    public Match? Find(string room) => Matches.FirstOrDefault(match => match.Room == room);
    public LobbyState Replace(Match match) => this with { Matches = [.. Matches.Select(other => other.Room == match.Room ? match : other)] };
    public LobbyState Forget(string room) => this with { Matches = [.. Matches.Where(match => match.Room != room)] };

    public Place PlaceOf(string player)
    {
        if (Waiting.Any(ticket => ticket.Player == player)) return new("waiting");
        return Matches.LastOrDefault(match => match.Players.Contains(player)) switch
        {
            { Open: true } match => new("matched", match.Room, match.Players),
            { Open: false } => new("waiting"),
            null => new("idle"),
        };
    }
}

public sealed record Ticket(string Player, int Size);

/// <param name="Room">Entity id, as in <c>battle/hall-7</c>.</param>
/// <param name="Open">The room has said that players may join.</param>
public sealed record Match(string Room, IReadOnlyList<string> Players, bool Open);
