using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rehearsals;
using Evergrain.Core.Rollouts;
using Evergrain.Runtime;

namespace Evergrain.Core.Tests.Rollouts;

/// <summary>A module runtime without code: slots by digest, with preparing, draining, refusing and sticking as the test says.</summary>
sealed class FakeModules(TimeProvider time, Action<string> breach) : ISiloModules
{
    readonly Dictionary<string, (PackageRef Package, SlotState State)> slots = [];

    public event Action? Retired;

    public long Epoch { get; private set; }
    public IReadOnlyList<PackageRef> Serving { get; private set; } = [];
    public List<long> Activations { get; } = [];

    /// <summary>What each package was last said to follow.</summary>
    public Dictionary<PackageRef, IReadOnlyList<PackageRef>> ComparedWith { get; } = [];
    public Dictionary<string, int> Tries { get; } = [];

    /// <summary>Findings for a try at a package, by its number; null to prepare it.</summary>
    public Func<PackageRef, int, Finding?> Refuses { get; set; } = static (_, _) => null;
    /// <summary>What trying the live state on it comes to; null where there is none.</summary>
    public Func<PackageRef, RehearsalReport?> Rehearses { get; set; } = static _ => null;
    public Func<PackageRef, TimeSpan> PrepareTakes { get; set; } = static _ => TimeSpan.FromMilliseconds(20);
    public TimeSpan DrainTakes { get; set; } = TimeSpan.FromMilliseconds(100);
    public Func<PackageRef, bool> Sticks { get; set; } = static _ => false;
    public bool RefusesToActivate { get; set; }
    public bool KeepThrows { get; set; }

    public bool Has(PackageRef package) => slots.TryGetValue(package.Digest, out var slot) && slot.State is SlotState.Ready or SlotState.Serving;
    public IEnumerable<string> Loaded => slots.Values.Select(slot => slot.Package.ToString()).Order(StringComparer.Ordinal);

    public async Task<PrepareOutcome> Prepare(PrepareRequest request, RehearsalRule? rehearsal, CancellationToken cancellation)
    {
        var package = request.Package;
        ComparedWith[package] = request.Serving;
        var number = Tries[package.Digest] = Tries.GetValueOrDefault(package.Digest) + 1;
        if (Has(package)) return new PrepareOutcome(true, [], TimeSpan.Zero);
        await Task.Delay(PrepareTakes(package), time, cancellation);
        if (Refuses(package, number) is { } finding) return new PrepareOutcome(false, [finding], PrepareTakes(package));
        if (!Has(package)) slots[package.Digest] = (package, SlotState.Ready);
        if (rehearsal is null || Rehearses(package) is not { } report) return new PrepareOutcome(true, [], PrepareTakes(package));
        var refused = report.Findings.Any(rehearsal.Refuses);
        return new PrepareOutcome(!refused, refused ? report.Findings : [], PrepareTakes(package)) { Accepted = refused ? [] : report.Findings, Rehearsal = report.Count };
    }

    public void Activate(long epoch, IReadOnlyList<PackageRef> release, IReadOnlyList<PackageRef> migrators)
    {
        if (RefusesToActivate) throw new InvalidOperationException("no memory");
        if (epoch <= Epoch) breach($"P4: a silo's epoch fell from {Epoch} to {epoch}.");
        if (release.FirstOrDefault(package => !Has(package)) is { } missing) breach($"Epoch {epoch} was activated, but {missing} is not prepared.");
        (Epoch, Serving) = (epoch, release);
        foreach (var package in release) slots[package.Digest] = (package, SlotState.Serving);
        Activations.Add(epoch);
    }

    public void Keep(IReadOnlyCollection<PackageRef> named)
    {
        if (KeepThrows) throw new ObjectDisposedException("the module runtime");
        var toGo = slots.Values.Where(slot => slot.State is SlotState.Ready or SlotState.Serving && !named.Contains(slot.Package) && !Serving.Contains(slot.Package)).ToList();
        foreach (var (package, _) in toGo) _ = Retire(package);
    }

    public IReadOnlyList<SlotStatus> Report() =>
        [.. slots.Values.Select(slot => new SlotStatus(slot.Package.Name, slot.Package.Version, slot.State, 0) { Digest = slot.Package.Digest, Holders = slot.State is SlotState.Stuck ? ["Battle.Cache.All"] : [] })];

    async Task Retire(PackageRef package)
    {
        slots[package.Digest] = (package, SlotState.Draining);
        await Task.Delay(DrainTakes, time);
        if (Sticks(package)) slots[package.Digest] = (package, SlotState.Stuck);
        else if (slots[package.Digest].State is SlotState.Draining) slots.Remove(package.Digest);
        Retired?.Invoke();
    }
}
