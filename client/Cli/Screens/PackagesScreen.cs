using Evergrain.Contracts.Ops;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Evergrain.Cli.Screens;

internal static class PackagesScreen
{
    public static IRenderable Packed(PackageReceipt packed, string path) => new Rows(
        Say.Line($"packed [bold]{Say.Safe($"{packed.Name}@{packed.Version}")}[/]  {Say.Bytes(packed.Size)}  {Say.Faint(packed.Digest)}"),
        Say.Line($"next: {Say.Program} publish {Say.Safe(path)}"));

    public static IRenderable Receipts(IReadOnlyList<PackageReceipt> receipts)
    {
        var table = Say.Columns("PUBLISHED", "#SIZE", "DIGEST", "");
        foreach (var receipt in receipts)
            table.AddRow($"[bold]{Say.Safe($"{receipt.Name}@{receipt.Version}")}[/]", Say.Bytes(receipt.Size), Say.Digest(receipt.Digest),
                receipt.Created ? "[green]new[/]" : Say.Faint("was there"));
        return new Rows(table, Say.Line($"next: {Say.Program} rollout start {Say.Safe(string.Join(' ', receipts.Select(receipt => $"{receipt.Name}@{receipt.Version}")))}"));
    }

    public static IRenderable Packages(IReadOnlyList<PackageReceipt> packages)
    {
        if (packages.Count == 0) return Say.Line($"Nothing is published yet; {Say.Program} publish FILE stores a package.");
        var table = Say.Columns("PACKAGE", "VERSION", "#SIZE", "DIGEST");
        foreach (var package in packages)
            table.AddRow($"[bold]{Say.Safe(package.Name)}[/]", Say.Safe(package.Version), Say.Bytes(package.Size), Say.Digest(package.Digest));
        return table;
    }
}
