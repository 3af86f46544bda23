using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Embedded.Tests.Game;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests.Operators;

/// <summary>An account whose record cannot be read, and one beside it.</summary>
public sealed class GarbledRecordTests
{
    static readonly EntityId Torn = new("bank", "torn"), Whole = new("bank", "whole");
    static readonly OperatorReason Because = new("ticket 8");

    [Fact]
    public void It_answers_so_and_operators_find_it_while_the_others_go_on()
    {
        using var world = Garbled(out _);

        Assert.Equal(ErrorCodes.RecordUnreadable, world.Call(Torn, "bank.balance").Error!.Code);
        Assert.Equal(8, world.Ok<Balance>(Whole, "bank.balance").Gold);
        var report = world.Done(world.Cluster.EntityOps.CheckState(null, null, default));
        Assert.Equal((2, 1), (report.Read, report.Bad));
        Assert.Equal(new Dictionary<string, long> { ["state/unreadable"] = 1 }, report.Problems);
        Assert.Equal("bank/torn", Assert.Single(report.Examples).Where);
        var export = Export(world);
        Assert.Equal([Torn], export.Unreadable);
        Assert.Contains("bank/whole", Assert.Single(export.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Discarding_removes_it_and_it_begins_anew()
    {
        using var world = Garbled(out _);
        Assert.False(world.Done(world.Cluster.EntityOps.Discard(Torn, Because, "ann", default)).Serves);

        Assert.Null(world.Entities.Peek(Torn));
        Assert.Empty(Export(world).Unreadable);
        Assert.Equal(0, world.Ok<Balance>(Torn, "bank.balance").Gold);
    }

    [Fact]
    public void An_import_that_may_replace_mends_it()
    {
        using var world = Garbled(out var lines);
        Assert.Equal(["import/exists"], Assert.Throws<FindingsException>(() => Import(world, lines, ExistingEntities.Refuse)).Findings.Select(finding => finding.Code));
        Assert.Equal(ErrorCodes.RecordUnreadable, world.Call(Torn, "bank.balance").Error!.Code);

        Assert.Equal(new ImportReport(0, 1, 0, 1), Import(world, lines, ExistingEntities.Replace));
        Assert.Equal(7, world.Ok<Balance>(Torn, "bank.balance").Gold);
        Assert.Empty(Export(world).Unreadable);
    }

    // Neither is in memory. The lines are of the time when it was whole.
    static ClusterWorld Garbled(out IReadOnlyList<string> lines)
    {
        var world = ClusterWorld.Serving(2);
        world.Ok<Balance>(Torn, "bank.credit", new Amount(7));
        world.Ok<Balance>(Whole, "bank.credit", new Amount(8));
        world.Pass(TimeSpan.FromSeconds(60));
        Assert.Empty(world.Homes(Torn));
        lines = Export(world).Lines;
        world.Entities.Garbled = Torn;
        return world;
    }

    static ExportPage Export(ClusterWorld world) => world.Done(world.Cluster.EntityOps.Export(null, null, 100, default));

    static ImportReport Import(ClusterWorld world, IReadOnlyList<string> lines, ExistingEntities existing) =>
        world.Done(world.Cluster.EntityOps.Import(lines, new ImportRequest(existing, DryRun: false, FirstLine: 1), "ann", default));
}
