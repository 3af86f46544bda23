namespace Evergrain.Bots.Judging;

/// <summary>The first few of all breaches, in words, so that a person can look for the cause. Thread-safe and bounded.</summary>
public sealed class Examples
{
    public const int Kept = 50;

    readonly Lock gate = new();
    readonly List<string> texts = [];

    public void Add(string text)
    {
        lock (gate)
            if (texts.Count < Kept) texts.Add(text);
    }

    public IReadOnlyList<string> All
    {
        get { lock (gate) return [.. texts]; }
    }
}
