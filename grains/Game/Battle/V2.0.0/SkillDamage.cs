namespace Battle;

/// <summary>The numbers of 2.0.0.</summary>
static class SkillDamage
{
    public const int Strike = 7;
    public const int Fireball = 15;
    public const int Lightning = 25;
}
