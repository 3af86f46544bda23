using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks.Knowledge;

/// <summary>The lives of silos: a name that comes back is another one, and says so by its instance.</summary>
internal sealed class SiloLives
{
    readonly Dictionary<int, SiloLife> byLife = [];
    readonly Dictionary<Guid, SiloLife> byInstance = [];
    readonly Dictionary<Guid, long> enrolledAt = [];
    TimeSpan? lastFall, lastWent;
    int standing;

    public IEnumerable<SiloLife> Members => byLife.Values.Where(life => life.Left is null);

    public SiloLife? Find(int life) => byLife.GetValueOrDefault(life);
    public SiloLife? Find(Guid instance) => byInstance.GetValueOrDefault(instance);

    /// <summary>The epoch of the record when the instance was written into it; null when it never was.</summary>
    public long? EnrolledAt(Guid instance) => enrolledAt.TryGetValue(instance, out var epoch) ? epoch : null;

    /// <summary>Whether a silo went since then that had not been stopped in good order.</summary>
    public bool FellSince(TimeSpan time) => lastFall >= time;

    /// <summary>Whether a silo stood still at some time since then, or went, or was made to.</summary>
    public bool WentOrStoodSince(TimeSpan time) => standing > 0 || lastWent >= time;

    public void See(MemberMoved moved)
    {
        if (!moved.Joins) lastWent = moved.At;
        if (moved.Joins) byLife[moved.Life] = byInstance[moved.Instance] = new SiloLife(moved.Silo, moved.Life, moved.Instance, moved.At);
        else
        {
            var life = byLife[moved.Life];
            life.Left = moved.At;
            if (life.Fell || !life.Ends) lastFall = moved.At;
        }
    }

    /// <summary>A silo of that name was made to end; null: all were.</summary>
    public void End(string? silo, bool inOrder, TimeSpan at)
    {
        lastWent = at;
        foreach (var life in byLife.Values)
        {
            if (life.Left is not null || silo is not null && life.Silo != silo) continue;
            life.Ends = true;
            life.Fell |= !inOrder;
            if (!inOrder) lastFall = at;
        }
    }

    public void See(SiloStands stands)
    {
        standing += stands.Still ? 1 : -1;
        lastWent = stands.At;
        if (byLife.TryGetValue(stands.Life, out var life)) life.StoodUntil = stands.Still ? TimeSpan.MaxValue : stands.At;
    }

    public void See(SiloRoutes routes) => byLife[routes.Life].Routes = routes;

    public void See(RecordStored stored)
    {
        foreach (var silo in stored.After.Silos) enrolledAt.TryAdd(silo.Instance, stored.After.Epoch);
    }
}

internal sealed class SiloLife(string silo, int life, Guid instance, TimeSpan joined)
{
    public string Silo => silo;
    public int Life => life;
    public Guid Instance => instance;
    public TimeSpan Joined => joined;

    /// <summary>Since when the others take it for gone.</summary>
    public TimeSpan? Left { get; set; }

    /// <summary>It is being stopped, was killed or is taken for dead.</summary>
    public bool Ends { get; set; }

    /// <summary>It was not stopped in good order.</summary>
    public bool Fell { get; set; }

    /// <summary>When it stood still last; in the far future while it does, and null when it never did.</summary>
    public TimeSpan? StoodUntil { get; set; }

    /// <summary>What it has routed by last; null before it routes anything.</summary>
    public SiloRoutes? Routes { get; set; }
}
