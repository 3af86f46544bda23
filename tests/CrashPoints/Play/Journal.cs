namespace Evergrain.CrashPoints.Play;

/// <summary>What callers and operators were told, kept outside of the process that told them. Safe from any thread.</summary>
internal sealed class Journal
{
    readonly Lock gate = new();
    readonly List<Deed> deeds = [];
    readonly Dictionary<string, string> published = [];
    readonly HashSet<string> accepted = [];
    readonly Dictionary<string, long> permanent = [];
    readonly Dictionary<string, int> errors = [];
    long epoch;

    public IReadOnlyList<Deed> Deeds
    {
        get { lock (gate) return [.. deeds]; }
    }

    /// <summary>Packages whose publishing was acknowledged: version and digest.</summary>
    public IReadOnlyDictionary<string, string> Published
    {
        get { lock (gate) return published.ToDictionary(); }
    }

    /// <summary>Rollouts that were accepted, by id.</summary>
    public IReadOnlyCollection<string> Accepted
    {
        get { lock (gate) return [.. accepted]; }
    }

    /// <summary>Rollouts that were said to be permanent, with their epoch.</summary>
    public IReadOnlyDictionary<string, long> Permanent
    {
        get { lock (gate) return permanent.ToDictionary(); }
    }

    /// <summary>How often calls were answered with an error, by its code.</summary>
    public IReadOnlyDictionary<string, int> Errors
    {
        get { lock (gate) return errors.ToDictionary(); }
    }

    /// <summary>The highest epoch that anybody saw.</summary>
    public long Epoch => Interlocked.Read(ref epoch);

    /// <summary>Hosts that have died so far: the number of the one that is asked now.</summary>
    public int Deaths { get; private set; }

    /// <summary>A host is dead, and nobody calls it any more.</summary>
    public void Died() => Deaths++;

    public void Begin(Deed deed)
    {
        lock (gate) deeds.Add(deed);
    }

    public void Saw(long seen)
    {
        lock (gate) epoch = Math.Max(epoch, seen);
    }

    public void Failed(string code)
    {
        lock (gate) errors[code] = errors.GetValueOrDefault(code) + 1;
    }

    public void Publish(string version, string digest)
    {
        lock (gate) published[version] = digest;
    }

    public void Accept(string rollout)
    {
        lock (gate) accepted.Add(rollout);
    }

    public void BecamePermanent(string rollout, long at)
    {
        lock (gate) permanent[rollout] = at;
        Saw(at);
    }
}
