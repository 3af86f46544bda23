using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Lobby;

/// <summary>Players queue, and as soon as enough of them want a match of one size, a room is opened for them.</summary>
public sealed class LobbyModule : GameModule
{
    const int LargestMatch = 8;

    public override void Configure(ModuleBuilder module) => module
        .Json(LobbyJson.Default)
        .Uses("battle.open")
        .Owns("lobby", schema: 1, static _ => new LobbyState(0, [], []))
        .Event<Matched>("matched")
        .Operation<Queue, Place>("queue", Queue)
        .Operation<Nothing, Place>("status", static (turn, _) => turn.State.PlaceOf(turn.Caller))
        .Operation<Nothing, Place>("leave", Leave)
        .Operation<Nothing, Nothing>("opened", Opened, Audience.Entities)
        .Operation<Nothing, Nothing>("closed", Closed, Audience.Entities);

    static Place Queue(Turn<LobbyState> turn, Queue queue)
    {
        if (!EntityId.IsKey(turn.Caller)) throw turn.Reject("not-a-player", "Only players queue.");
        if (queue.Size is < 2 or > LargestMatch) throw turn.Reject("bad-size", $"A match has 2 to {LargestMatch} players, not {queue.Size}.");

        turn.State = turn.State.Enqueue(turn.Caller, queue.Size);
        if (turn.State.Party(queue.Size) is { } party) OpenRoom(turn, party);
        return turn.State.PlaceOf(turn.Caller);
    }

    // A send, not a call: the lobby goes on at once, and the room is opened once even if a silo dies on the way.
    // The players hear of it when the room says that it is open, so that nobody knocks too early.
    static void OpenRoom(Turn<LobbyState> turn, IReadOnlyList<string> players)
    {
        var room = new EntityId("battle", $"{turn.Entity.Key}-{turn.State.Rooms + 1}");
        turn.State = turn.State.Match(room.ToString(), players);
        turn.Send(room, "battle.open", new Open(players));
    }

    static Nothing Opened(Turn<LobbyState> turn, Nothing nothing)
    {
        if (turn.State.Find(turn.Caller) is not { } match) return nothing;
        turn.State = turn.State.Replace(match with { Open = true });
        turn.Publish(new Matched(match.Room, match.Players));
        return nothing;
    }

    static Nothing Closed(Turn<LobbyState> turn, Nothing nothing)
    {
        turn.State = turn.State.Forget(turn.Caller);
        return nothing;
    }

    static Place Leave(Turn<LobbyState> turn, Nothing nothing)
    {
        turn.State = turn.State.Dequeue(turn.Caller);
        return turn.State.PlaceOf(turn.Caller);
    }
}
