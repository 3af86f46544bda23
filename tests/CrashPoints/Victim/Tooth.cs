namespace Evergrain.CrashPoints.Victim;

/// <summary>A lie of the stores that the checks must see.</summary>
internal enum Tooth
{
    None,

    /// <summary>Writes of purses are acknowledged and not done.</summary>
    LosesWrites,

    /// <summary>A send is written down twice.</summary>
    DoublesSends,

    /// <summary>A send is left out of what is written.</summary>
    LosesSends,

    /// <summary>A write is done a second time, over what came after it.</summary>
    RepeatsWrites,

    /// <summary>Tallies and sketches are acknowledged and never written.</summary>
    LosesIntervals,

    /// <summary>Writes of the cluster record are acknowledged and not done.</summary>
    LosesReleases,
}
