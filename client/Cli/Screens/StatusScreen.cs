using Evergrain.Contracts.Ops;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Evergrain.Cli.Screens;

/// <summary>The cluster at a glance: silos, then each module version over all silos, then the rollout.</summary>
internal static class StatusScreen
{
    const int MaxHolders = 5;

    public static IRenderable Of(ClusterStatus status, DateTimeOffset now)
    {
        var slots = status.Silos.SelectMany(silo => silo.Modules.Select(slot => (Silo: silo.Id, Slot: slot))).ToList();
        var living = slots.Where(entry => entry.Slot.State != SlotState.Gone).ToList();
        var rows = new List<IRenderable>
        {
            Say.Line($"[bold]epoch {status.Epoch}[/]  {Count(status.Silos.Count, "silo")}  {Say.Number(status.Silos.Sum(silo => (long)silo.Activations))} activations"),
            Text.Empty,
            Silos(status),
            Text.Empty,
            Modules(living, status.Silos.Count),
        };
        if (living.Count < slots.Count) rows.Add(Say.Line(Say.Faint($"{Count(slots.Count - living.Count, "slot")} gone: unloaded, and proved to be")));
        rows.AddRange(living.SelectMany(entry => Troubles(entry.Silo, entry.Slot)));
        rows.Add(Text.Empty);
        rows.Add(status.Rollout is { } rollout ? RolloutScreen.Glance(rollout, now) : Say.Line(Say.Faint("no rollout")));
        return new Rows(rows);
    }

    static IRenderable Silos(ClusterStatus status)
    {
        var table = Say.Columns("SILO", "#EPOCH", "#ACTIVATIONS");
        foreach (var silo in status.Silos)
        {
            var epoch = silo.Epoch == status.Epoch ? Say.Number(silo.Epoch) : $"[yellow]{Say.Number(silo.Epoch)}[/]";
            table.AddRow(Say.Heading(silo.Id), epoch, Say.Number(silo.Activations));
        }
        return table;
    }

    static IRenderable Modules(IReadOnlyList<(string Silo, SlotStatus Slot)> slots, int silos)
    {
        var table = Say.Columns("MODULE", "VERSION", "STATE", "#LEASES", "DIGEST", "SILOS");
        var versions = slots
            .GroupBy(entry => (entry.Slot.Name, entry.Slot.Version, entry.Slot.State, entry.Slot.Digest))
            .OrderBy(group => group.Key.Name, StringComparer.Ordinal);
        foreach (var version in versions)
        {
            var where = version.Count() == silos ? "all" : string.Join(' ', version.Select(entry => entry.Silo));
            table.AddRow(Say.Heading(version.Key.Name), Say.Safe(version.Key.Version), Say.State(version.Key.State.ToString().ToLowerInvariant()),
                Say.Number(version.Sum(entry => entry.Slot.Leases)), Say.Faint(Say.Digest(version.Key.Digest)), Say.Safe(where));
        }
        return table;
    }

    static IEnumerable<IRenderable> Troubles(string silo, SlotStatus slot)
    {
        var name = $"{slot.Name}@{slot.Version} on {silo}";
        if (slot.Holders.Count > 0)
        {
            var more = slot.Holders.Count > MaxHolders ? $" and {slot.Holders.Count - MaxHolders} more" : "";
            yield return Say.Line($"[yellow]held[/]  {Say.Safe(name)}: {Say.Safe(string.Join(", ", slot.Holders.Take(MaxHolders)))}{more}");
        }
        if (slot.Findings.Count > 0)
        {
            yield return Say.Line($"[red]refused[/]  {Say.Safe(name)}");
            yield return FindingsScreen.Of(slot.Findings);
        }
    }

    static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
