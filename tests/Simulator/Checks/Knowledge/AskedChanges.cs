using Evergrain.Contracts;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks.Knowledge;

/// <summary>Every change that players asked for, by its id, with those that follow from it.</summary>
internal sealed class AskedChanges
{
    readonly Dictionary<string, AskedChange> byId = new(StringComparer.Ordinal);
    readonly Dictionary<int, AskedChange> byCall = [];
    readonly Dictionary<int, TimeSpan> closes = [];
    readonly Dictionary<EntityId, int> closesOf = [];

    public IEnumerable<AskedChange> All => byId.Values;

    public AskedChange? Find(string id) => byId.GetValueOrDefault(id);

    /// <summary>Null for a call that changes nothing.</summary>
    public AskedChange? Of(int call) => byCall.GetValueOrDefault(call);

    /// <summary>How many calls have asked that the entity be destroyed.</summary>
    public int ClosesOf(EntityId entity) => closesOf.GetValueOrDefault(entity);

    /// <summary>When the call asked for the first time that its entity be destroyed.</summary>
    public TimeSpan ClosedFirst(int call) => closes[call];

    public void See(CallBegan began)
    {
        if (byCall.TryGetValue(began.Call, out var asked) && asked.SeenEpoch <= began.Request.SeenEpoch) return;
        var request = began.Request;
        switch (began.Arguments)
        {
            case Credit credit:
                Add(began, credit.Id, request.Entity, credit.Gold);
                break;
            case Transfer transfer:
                Add(began, transfer.Id, request.Entity, -transfer.Gold);
                Follow(began, $"{transfer.Id}>", new EntityId("wallet", transfer.To), transfer.Gold);
                break;
            case Hit hit:
                Add(began, hit.Id, request.Entity, 0);
                break;
            case Close when closes.TryAdd(began.Call, began.At):
                closesOf[request.Entity] = ClosesOf(request.Entity) + 1;
                break;
            case Ask ask:
                Add(began, ask.Id, request.Entity, 0);
                Follow(began, $"{ask.Id}?", new EntityId("room", ask.To), 0);
                break;
        }
    }

    void Add(CallBegan began, string id, EntityId entity, int gold) => byCall[began.Call] = byId[id] = new AskedChange(id, began.Call, entity, gold, began.Request.SeenEpoch, IsFollowing: false);
    void Follow(CallBegan began, string id, EntityId entity, int gold) => byId[id] = new AskedChange(id, began.Call, entity, gold, began.Request.SeenEpoch, IsFollowing: true);
}

/// <param name="Gold">What it adds to its entity's gold.</param>
/// <param name="SeenEpoch">The lowest epoch that its player had seen when it was asked for: what was restored has an end to what it knows.</param>
/// <param name="IsFollowing">Not asked for by the player itself, but by the code that served it.</param>
internal sealed record AskedChange(string Id, int Call, EntityId Entity, int Gold, long SeenEpoch, bool IsFollowing);
