using System.Text.Json.Serialization;

namespace Battle.Schema2;

/// <summary>A room as 2.0.0 keeps it: fighters by name, with shields that come back with every round.</summary>
/// <param name="Since">The frame in which the phase began.</param>
/// <param name="Round">From 1 while fighting; a round lasts <see cref="FramesPerRound"/>.</param>
/// <param name="OpenedBy">The lobby that opened it; null for a practice room.</param>
public sealed record BattleState(
    Phase Phase, long Since, int Round, IReadOnlyList<string> Invited, IReadOnlyDictionary<string, Fighter> Fighters,
    string? OpenedBy = null, string? Winner = null, long Gold = 0)
{
    public const long FramesPerRound = 200;

    public static BattleState Empty => new(Phase.Empty, 0, 0, [], new Dictionary<string, Fighter>());

    [JsonIgnore] public bool IsPractice => OpenedBy is null;
    [JsonIgnore] public IEnumerable<string> Names => Fighters.Keys;

    public bool Has(string name) => Fighters.ContainsKey(name);
    public bool IsAlive(string name) => Fighters.GetValueOrDefault(name) is { HitPoints: > 0 };
    public long ReadyAt(string name, string skill) => Fighters.GetValueOrDefault(name)?.ReadyAt.GetValueOrDefault(skill) ?? 0;

    public BattleState Open(long frame, string openedBy, IReadOnlyList<string> players) =>
        Empty with { Phase = Phase.Gathering, Since = frame, OpenedBy = openedBy, Invited = players };

    public BattleState Fight(long frame) => this with { Phase = Phase.Fighting, Since = frame, Round = 1 };
    public BattleState Join(string name, int hitPoints) => Put(name, new Fighter(hitPoints, Fighter.FullShield, new Dictionary<string, long>()));
    public BattleState Cool(string name, string skill, long readyAt) => Put(name, Fighters[name].Cool(skill, readyAt));
    public BattleState Hurt(string name, int damage) => Put(name, Fighters[name].Hurt(damage));
    public BattleState Fall(string name) => Put(name, Fighters[name] with { HitPoints = 0 });
    public BattleState End(long frame, string? winner, long gold) => this with { Phase = Phase.Over, Since = frame, Winner = winner, Gold = gold };

    /// <summary>What a frame changes by itself: a new round raises the shields.</summary>
    public BattleState Step(long frame)
    {
        if (Phase != Phase.Fighting || frame - Since < Round * FramesPerRound) return this;
        return this with { Round = Round + 1, Fighters = Fighters.ToDictionary(named => named.Key, named => named.Value with { Shield = Fighter.FullShield }) };
    }

    public View View(long frame) =>
        new(Phase, frame, [.. Fighters.Select(named => new FighterView(named.Key, named.Value.HitPoints, named.Value.Shield))], Winner, Gold);

    BattleState Put(string name, Fighter fighter) => this with { Fighters = new Dictionary<string, Fighter>(Fighters) { [name] = fighter } };
}

/// <param name="Shield">Taken before hit points, half of each blow at most.</param>
/// <param name="ReadyAt">The frame from which a skill can be cast again, by skill.</param>
public sealed record Fighter(int HitPoints, int Shield, IReadOnlyDictionary<string, long> ReadyAt)
{
    public const int FullShield = 20;

    public Fighter Hurt(int damage)
    {
        var held = Math.Min(Shield, damage / 2);
        return this with { Shield = Shield - held, HitPoints = Math.Max(0, HitPoints - (damage - held)) };
    }

    public Fighter Cool(string skill, long readyAt) => this with { ReadyAt = new Dictionary<string, long>(ReadyAt) { [skill] = readyAt } };
}
