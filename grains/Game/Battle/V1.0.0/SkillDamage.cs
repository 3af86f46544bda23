namespace Battle;

/// <summary>The numbers of 1.0.0.</summary>
static class SkillDamage
{
    public const int Strike = 5;
    public const int Fireball = 10;
    public const int Lightning = 18;
}
