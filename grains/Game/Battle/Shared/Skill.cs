namespace Battle;

/// <summary>What one can do in a fight. The damage depends on the version (<c>Damage.cs</c> of each), the cooldown does not.</summary>
/// <param name="Cooldown">In frames.</param>
public sealed record Skill(string Name, int Damage, int Cooldown)
{
    public static Skill? Find(string name) => name switch
    {
        "strike" => new(name, SkillDamage.Strike, 6),
        "fireball" => new(name, SkillDamage.Fireball, 20),
        "lightning" => new(name, SkillDamage.Lightning, 50),
        _ => null,
    };
}
