using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Checks.Knowledge;

/// <summary>What went wrong, and when: an error is explained by what went wrong shortly before it, not by anything that ever did.</summary>
internal sealed class Troubles
{
    /// <summary>So long after it a fault may still be felt: it lasts so long itself, and what waits for its end as long again.</summary>
    public static readonly TimeSpan Echo = TimeSpan.FromSeconds(10);

    readonly Dictionary<FaultKind, TimeSpan> last = [];
    readonly Dictionary<string, TimeSpan> views = new(StringComparer.Ordinal);
    readonly Dictionary<string, TimeSpan> clocks = new(StringComparer.Ordinal);
    TimeSpan? left, newest, view;

    /// <summary>Something has gone wrong already, whatever it is.</summary>
    public bool Any => newest is not null || left is not null;

    public bool Took(FaultKind kind) => last.ContainsKey(kind);

    public bool Took(params ReadOnlySpan<FaultKind> kinds)
    {
        foreach (var kind in kinds)
            if (last.ContainsKey(kind)) return true;
        return false;
    }

    /// <summary>Whether one of these took effect at this time or after it, or so shortly before that it is felt.</summary>
    public bool FeltSince(TimeSpan time, params ReadOnlySpan<FaultKind> kinds)
    {
        foreach (var kind in kinds)
            if (last.TryGetValue(kind, out var at) && at + Echo >= time) return true;
        return false;
    }

    /// <summary>The same for what the store does not do, or does not say.</summary>
    public bool StoreFailedSince(TimeSpan time) => FeltSince(time, FaultKind.StoreAnswerLost, FaultKind.StoreRequestLost, FaultKind.StoreLate, FaultKind.StoreOut, FaultKind.TornWrite);

    /// <summary>The same for any fault, and for silos that went.</summary>
    public bool AnyFeltSince(TimeSpan time) => newest + Echo >= time || SilosWentSince(time);

    /// <summary>The same for silos that were members and are none any more, or are about to be.</summary>
    public bool SilosWentSince(TimeSpan time) => left + Echo >= time;

    /// <summary>The same for views of the membership that came late, or not at all: a silo that has an old one may take an entity for its own, and not ask those that came since.</summary>
    public bool ViewsWereLateSince(TimeSpan time) => view + Echo >= time;

    /// <summary>Whether, since then, a view of the membership on its way to this silo was kept from it, or made to wait.</summary>
    public bool ViewOfWasLateSince(string silo, TimeSpan time) => views.TryGetValue(silo, out var at) && at >= time;

    /// <summary>Whether the clock of this silo was set since then.</summary>
    public bool ClockWasSetSince(string silo, TimeSpan time) => clocks.TryGetValue(silo, out var at) && at >= time;

    public void See(ClockRighted righted) => clocks[righted.Silo] = righted.At;

    public void See(FaultTook fault)
    {
        if (fault is { What: "members", Silo: { } silo }) view = views[silo] = fault.At;
        if (fault.Kind is FaultKind.ClockSkew) clocks[fault.What] = fault.At;
        newest = last[fault.Kind] = fault.At;
        // The others find out later.
        if (fault.Kind is FaultKind.CrashSilo or FaultKind.CrashVersionGrain or FaultKind.CrashAll or FaultKind.KillSilo or FaultKind.SuspectSilo or FaultKind.Leave) left = fault.At;
    }

    public void See(MemberMoved moved)
    {
        if (!moved.Joins) left = moved.At;
    }
}
