namespace Evergrain.Core;

/// <summary>Keeps what goes wrong again and again, such as in every frame of every room, from filling the log: about one subject the first line
/// is written, then one every ten seconds that says how many were left out. Safe from any thread.</summary>
internal sealed class LogPace<TSubject>(TimeProvider time) where TSubject : notnull
{
    public static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

    /// <summary>Most subjects that are followed at a time; of more, nothing is written until older ones are quiet.</summary>
    public const int MaxSubjects = 1024;

    readonly Dictionary<TSubject, Told> told = [];

    /// <summary>True when the line is to be written.</summary>
    /// <param name="leftOut">How many were not, since the last that was.</param>
    public bool Allows(TSubject subject, out long leftOut)
    {
        var now = time.GetTimestamp();
        lock (told)
        {
            leftOut = 0;
            if (told.TryGetValue(subject, out var last))
            {
                if (time.GetElapsedTime(last.At, now) < Between)
                {
                    told[subject] = last with { LeftOut = last.LeftOut + 1 };
                    return false;
                }
                leftOut = last.LeftOut;
            }
            else if (told.Count >= MaxSubjects && !MakeRoom(now)) return false;
            told[subject] = new Told(now, 0);
            return true;
        }
    }

    bool MakeRoom(long now)
    {
        foreach (var (subject, last) in told)
            if (time.GetElapsedTime(last.At, now) >= Between) told.Remove(subject);
        return told.Count < MaxSubjects;
    }

    readonly record struct Told(long At, long LeftOut);
}
