namespace Battle;

static class Rules
{
    public const int FramesPerSecond = 20;
    public const int HitPoints = 100;
    public const long Prize = 10;

    /// <summary>Hit points that the losers of a match miss afterwards.</summary>
    public const int Bruises = 10;

    /// <summary>The one to practise on in a room that no lobby opened.</summary>
    public const string Dummy = "dummy";
    public const int DummyHitPoints = 10_000;

    // In frames.
    public const long LongestGathering = 30 * FramesPerSecond;
    public const long LongestFight = 120 * FramesPerSecond;
    public const long LongestPractice = 600 * FramesPerSecond;
    public const long KeptAfterEnd = 60 * FramesPerSecond;
}
