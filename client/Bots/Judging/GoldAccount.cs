namespace Evergrain.Bots.Judging;

/// <summary>What the bots' wallets must hold together: what they held at first, prizes of the rooms they played in, and rewards of
/// the quests they finished. Transfers go from bot to bot and cancel out. Thread-safe.</summary>
public sealed class GoldAccount(Examples examples)
{
    readonly Lock gate = new();
    readonly Dictionary<string, (string? Winner, long Gold, int Players)> rooms = [];
    long opening, prizes, rewards, disputes;

    public void Opened(long balance)
    {
        lock (gate) opening += balance;
    }

    public void Rewarded(long gold)
    {
        lock (gate) rewards += gold;
    }

    /// <summary>A player of the room saw how it ended. Each of them says so, and all must say the same; the prize counts once.</summary>
    public void RoomEnded(string room, string? winner, long gold, int players)
    {
        lock (gate)
        {
            if (!rooms.TryGetValue(room, out var known))
            {
                prizes += gold;
                rooms[room] = (winner, gold, players - 1);
                return;
            }
            if ((known.Winner, known.Gold) != (winner, gold)) Dispute(room, known.Winner, winner);
            // The last of them: the room need not be remembered, so that a long run stays small.
            if (known.Players <= 1) rooms.Remove(room);
            else rooms[room] = known with { Players = known.Players - 1 };
        }
    }

    public GoldTotals Totals(long? found)
    {
        lock (gate) return new(opening, prizes, rewards, found, disputes);
    }

    void Dispute(string room, string? one, string? other)
    {
        disputes++;
        examples.Add($"two-ends: {room} was won by {one ?? "nobody"} and by {other ?? "nobody"}");
    }
}

/// <param name="Opening">What the wallets held before.</param>
/// <param name="Prizes">Of won matches.</param>
/// <param name="Rewards">Of finished quests.</param>
/// <param name="Found">What the wallets hold at the end; null when it could not be read.</param>
/// <param name="Disputes">Rooms whose players saw different ends.</param>
public sealed record GoldTotals(long Opening, long Prizes, long Rewards, long? Found, long Disputes)
{
    public long Expected => Opening + Prizes + Rewards;

    /// <summary>Above 0: gold that nobody gave. Below 0: gold that is gone.</summary>
    public long Off => (Found ?? Expected) - Expected;
}
