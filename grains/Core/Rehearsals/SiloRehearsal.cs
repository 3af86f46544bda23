using Evergrain.Contracts;
using Evergrain.Core.Entities;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;
using Evergrain.Runtime;
using Evergrain.Runtime.Migrations;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Rehearsals;

/// <summary>Tries what a silo's entities have now on a version that is ready and does not serve yet: copies of states go there and back, and what is scheduled
/// and under way is looked at. Nothing is changed. Safe from any thread.</summary>
/// <param name="executor">Where the work is done, in small pieces: not where turns run.</param>
public sealed class SiloRehearsal(EntitySilo silo, IExecutor executor, RehearsalOptions options)
{
    /// <summary>Never throws: what could not be tried is a finding.</summary>
    public async Task<RehearsalReport> Run(ModuleSlot candidate, CancellationToken cancellation)
    {
        var table = silo.Runtime.Table;
        var serving = Serving(table, candidate.Id.Name);
        if (options is { Sample: 0, Entries: 0 } || serving.Count == 0 || ReferenceEquals(serving[0].Slot, candidate)) return RehearsalReport.Empty;

        var tally = new RehearsalTally(candidate.Id, options.Shown);
        var leases = new List<ModuleSlot>();
        try
        {
            if (!Lease(candidate, leases) || !Lease(serving[0].Slot, leases)) throw new RehearsalFailedException("a version retires.");
            var kinds = new Dictionary<string, KindRehearsal>(StringComparer.Ordinal);
            foreach (var route in serving) kinds[route.Definition.Kind] = await Kind(route, candidate, leases);
            // A step of the author's that does not end holds the versions for ever: whoever wants them gone is told.
            IReadOnlyList<ModuleSlot> held = [.. leases];
            silo.Holds(held, $"rehearsal of {candidate.Id}");
            try
            {
                await new RehearsalPass(silo, candidate.Id.Name, kinds, tally, executor, options, cancellation).Run();
            }
            finally
            {
                silo.HoldsNoMore(held);
            }
        }
        catch (Exception thrown) when (thrown is RehearsalFailedException or FindingsException or StoreUnavailableException or OperationCanceledException)
        {
            tally.Interrupted(thrown.Message);
        }
        finally
        {
            foreach (var slot in leases) slot.Release();
        }
        return tally.Report;
    }

    static List<SliceRoute> Serving(ModuleTable table, string module) =>
        [.. table.Kinds.Order(StringComparer.Ordinal).SelectMany(kind => table.Kind(kind)!.Slices).Where(route => route.Module == module)];

    static bool Lease(ModuleSlot slot, List<ModuleSlot> leases)
    {
        if (!slot.TryAcquire()) return false;
        leases.Add(slot);
        return true;
    }

    async ValueTask<KindRehearsal> Kind(SliceRoute route, ModuleSlot candidate, List<ModuleSlot> leases)
    {
        var (from, id) = (route.Definition, candidate.Id.ToString());
        if (candidate.Definition!.Slices.FirstOrDefault(slice => slice.Kind == from.Kind) is not { } to) return new KindRehearsal(route, null, null, null, id, 0);
        if (from.Schema == to.Schema) return new KindRehearsal(route, to, new SliceRehearsal(from, to, null, null, compares: true), null, id, options.Sample);
        var (there, missing) = await Way(route, candidate, from.Schema, to.Schema, leases);
        if (there is null) return new KindRehearsal(route, to, null, missing, id, options.Sample);
        // Where no way leads back the operator has accepted that, or would not have come so far.
        var back = to.Schema > from.Schema ? (await Way(route, candidate, to.Schema, from.Schema, leases)).Chain : null;
        return new KindRehearsal(route, to, new SliceRehearsal(from, to, there, back, compares: back is not null), null, id, options.Sample);
    }

    async ValueTask<(MigrationChain? Chain, string? Missing)> Way(SliceRoute route, ModuleSlot candidate, int from, int to, List<ModuleSlot> leases)
    {
        var kind = route.Definition.Kind;
        MigrationPaths[] atHand = [candidate.Paths(kind)!, route.Slot.Paths(kind)!];
        if (atHand.Select(paths => paths.Find(from, to)).FirstOrDefault(chain => chain is not null) is { } alone) return (alone, null);
        var steps = atHand.SelectMany(paths => paths.Links).Select(link => (link.From, link.To)).ToArray();
        var others = await silo.Runtime.Migrators(new MigrationNeed(route.Module, kind, route.Slot.Id.Version, from, to, steps));
        leases.AddRange(others);
        try
        {
            return (MigrationPaths.Join(from, to, [.. atHand, .. others.Select(slot => slot.Paths(kind)!)]), null);
        }
        catch (MigrationFailedException missing)
        {
            return (null, missing.Message);
        }
    }
}
