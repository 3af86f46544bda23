namespace Battle;

/// <summary>The numbers of 1.1.0.</summary>
static class SkillDamage
{
    public const int Strike = 6;
    public const int Fireball = 12;
    public const int Lightning = 21;
}
