using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks.Knowledge;

/// <summary>The lives of silos: a name that comes back is another one, and says so by its instance.</summary>
internal sealed class SiloLives
{
    readonly Dictionary<int, SiloLife> byLife = [];
    readonly Dictionary<Guid, SiloLife> byInstance = [];
    readonly Dictionary<Guid, long> enrolledAt = [];

    public IEnumerable<SiloLife> Members => byLife.Values.Where(life => life.Left is null);

    public SiloLife? Find(int life) => byLife.GetValueOrDefault(life);
    public SiloLife? Find(Guid instance) => byInstance.GetValueOrDefault(instance);

    /// <summary>The epoch of the record when the instance was written into it; null when it never was.</summary>
    public long? EnrolledAt(Guid instance) => enrolledAt.TryGetValue(instance, out var epoch) ? epoch : null;

    public void See(MemberMoved moved)
    {
        if (moved.Joins) byLife[moved.Life] = byInstance[moved.Instance] = new SiloLife(moved.Silo, moved.Life, moved.Instance);
        else byLife[moved.Life].Left = moved.At;
    }

    /// <summary>A silo of that name was made to end; null: all were.</summary>
    public void End(string? silo)
    {
        foreach (var life in byLife.Values)
            if (life.Left is null && (silo is null || life.Silo == silo)) life.Ends = true;
    }

    public void See(SiloRoutes routes) => byLife[routes.Life].Routes = routes;

    public void See(RecordStored stored)
    {
        foreach (var silo in stored.After.Silos) enrolledAt.TryAdd(silo.Instance, stored.After.Epoch);
    }
}

internal sealed class SiloLife(string silo, int life, Guid instance)
{
    public string Silo => silo;
    public int Life => life;
    public Guid Instance => instance;

    /// <summary>Since when the others take it for gone.</summary>
    public TimeSpan? Left { get; set; }

    /// <summary>It is being stopped, was killed or is taken for dead.</summary>
    public bool Ends { get; set; }

    /// <summary>What it has routed by last; null before it routes anything.</summary>
    public SiloRoutes? Routes { get; set; }
}
