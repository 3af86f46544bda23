using System.Text.Json.Serialization;

namespace Battle.Schema1;

/// <summary>A room as 1.0.0 and 1.1.0 keep it. Immutable; every method gives a new one.</summary>
/// <param name="Since">The frame in which the phase began.</param>
/// <param name="OpenedBy">The lobby that opened it; null for a practice room.</param>
public sealed record BattleState(
    Phase Phase, long Since, IReadOnlyList<string> Invited, IReadOnlyList<Fighter> Fighters, string? OpenedBy = null, string? Winner = null, long Gold = 0)
{
    public static BattleState Empty => new(Phase.Empty, 0, [], []);

    [JsonIgnore] public bool IsPractice => OpenedBy is null;
    [JsonIgnore] public IEnumerable<string> Names => Fighters.Select(fighter => fighter.Name);

    public bool Has(string name) => Find(name) is not null;
    public bool IsAlive(string name) => Find(name) is { HitPoints: > 0 };
    public long ReadyAt(string name, string skill) => Find(name)?.ReadyAt.GetValueOrDefault(skill) ?? 0;

    public BattleState Open(long frame, string openedBy, IReadOnlyList<string> players) =>
        Empty with { Phase = Phase.Gathering, Since = frame, OpenedBy = openedBy, Invited = players };

    public BattleState Fight(long frame) => this with { Phase = Phase.Fighting, Since = frame };
    public BattleState Join(string name, int hitPoints) => this with { Fighters = [.. Fighters, new Fighter(name, hitPoints, new Dictionary<string, long>())] };
    public BattleState Cool(string name, string skill, long readyAt) => Replace(name, fighter => fighter.Cool(skill, readyAt));
    public BattleState Hurt(string name, int damage) => Replace(name, fighter => fighter with { HitPoints = Math.Max(0, fighter.HitPoints - damage) });
    public BattleState Fall(string name) => Replace(name, fighter => fighter with { HitPoints = 0 });
    public BattleState End(long frame, string? winner, long gold) => this with { Phase = Phase.Over, Since = frame, Winner = winner, Gold = gold };

    /// <summary>What a frame changes by itself: nothing yet.</summary>
    public BattleState Step(long frame) => this;

    public View View(long frame) => new(Phase, frame, [.. Fighters.Select(fighter => new FighterView(fighter.Name, fighter.HitPoints))], Winner, Gold);

    Fighter? Find(string name) => Fighters.FirstOrDefault(fighter => fighter.Name == name);
    BattleState Replace(string name, Func<Fighter, Fighter> change) =>
        this with { Fighters = [.. Fighters.Select(fighter => fighter.Name == name ? change(fighter) : fighter)] };
}

/// <param name="ReadyAt">The frame from which a skill can be cast again, by skill.</param>
public sealed record Fighter(string Name, int HitPoints, IReadOnlyDictionary<string, long> ReadyAt)
{
    public Fighter Cool(string skill, long readyAt) => this with { ReadyAt = new Dictionary<string, long>(ReadyAt) { [skill] = readyAt } };
}
