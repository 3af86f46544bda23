namespace Evergrain.Bots.Playing;

/// <summary>How one bot behaves, drawn from its own seed. For one caller at a time.</summary>
internal sealed class Manners(Random random, bool rough)
{
    public bool ArePolite => !rough;

    /// <summary>A human's pause between two things.</summary>
    public TimeSpan Think() => TimeSpan.FromMilliseconds(random.Next(200, 801));

    public bool Resends() => rough && random.NextDouble() < 0.05;

    public Mischief Next() => !rough ? Mischief.None : random.NextDouble() switch
    {
        < 0.03 => Mischief.Drop,
        < 0.05 => Mischief.StopReading,
        < 0.08 => Mischief.Rubbish,
        < 0.10 => Mischief.Nonsense,
        _ => Mischief.None,
    };

    public TimeSpan Silence() => TimeSpan.FromMilliseconds(random.Next(500, 3001));

    public string Rubbish() => Pick(["{", "hello?", "[]", "null", "\"\"", "{\"op\":17}", "{\"subscribe\":\"no such thing\"}", "{\"to\":\"battle/x\"}", new string('x', 2000)]);

    public T Pick<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    public bool Chance(double share) => random.NextDouble() < share;

    /// <summary>1 to the given number.</summary>
    public long Part(long most) => random.NextInt64(1, most + 1);
}

internal enum Mischief { None, Drop, StopReading, Rubbish, Nonsense }
