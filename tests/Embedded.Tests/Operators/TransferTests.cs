using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.State;
using Evergrain.Embedded.Tests.Game;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests.Operators;

/// <summary>Entities leave one cluster as lines and come into another.</summary>
public sealed class TransferTests
{
    [Fact]
    public void What_was_exported_serves_in_another_cluster_with_its_state_and_schedule_and_again_is_no_change()
    {
        using var from = ClusterWorld.Serving(2);
        from.RollOut("bank@1.1.0");
        from.Ok<Balance>(new("bank", "ann"), "bank.credit", new Amount(70));
        from.Ok<RoomView>(new("room", "r"), "room.open");
        from.Ok<RoomView>(new("room", "r"), "room.hit");
        from.Pass(TimeSpan.FromSeconds(3));
        var lines = Export(from);
        Assert.Equal(2, lines.Count);

        using var to = ClusterWorld.Serving(2);
        Assert.Equal(new ImportReport(2, 0, 0, 0), Import(to, lines, dryRun: true));
        Assert.Empty(Export(to));
        Assert.Equal(new ImportReport(2, 0, 0, 0), Import(to, lines));
        Assert.Equal(70, to.Ok<Balance>(new("bank", "ann"), "bank.balance").Gold);
        Assert.Equal(1, Stored(to, new("bank", "ann")).Epoch);
        to.Until(() => to.Homes(new("room", "r")).Count > 0);
        Assert.True(to.Ok<RoomView>(new("room", "r"), "room.look").Frames > 0);
        Assert.Equal(1, Import(to, [lines[0]]).Unchanged);
    }

    [Fact]
    public void A_send_that_waits_at_the_export_arrives_once_in_the_other_cluster_and_a_key_used_before_has_its_old_answer()
    {
        EntityId ann = new("bank", "ann"), bob = new("bank", "bob");
        using var from = ClusterWorld.Serving(2);
        from.Ok<Balance>(ann, "bank.credit", new Amount(70));
        from.Entities.ReadTakes = id => id == bob ? TimeSpan.FromSeconds(10) : TimeSpan.Zero;
        var key = Guid.CreateVersion7(from.Now);
        var first = from.Call(ann, "bank.transfer", new Transfer("bob", 30), key: key);
        Assert.Equal((40, 1), (ClusterWorld.Read<Balance>(first).Gold, ClusterWorld.Read<Balance>(first).Transfers));
        Assert.True(Stored(from, ann).NeedsWakeUp);
        var lines = Export(from);
        Assert.Single(lines); // bob has heard nothing yet

        using var to = ClusterWorld.Serving(2);
        Assert.Equal(1, Import(to, lines).Created);
        to.Until(() => to.Entities.Peek(ann) is { NeedsWakeUp: false } && to.Entities.Peek(bob) is { Created: true });
        var again = to.Call(ann, "bank.transfer", new Transfer("bob", 30), key: key);
        Assert.Equal(first.Result.ToArray(), again.Result.ToArray());
        to.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal((40, 1, 30), (to.Ok<Balance>(ann, "bank.balance").Gold, to.Ok<Balance>(ann, "bank.balance").Transfers, to.Ok<Balance>(bob, "bank.balance").Gold));
    }

    [Fact]
    public void Everything_wrong_with_an_import_is_told_with_its_line_and_nothing_is_applied()
    {
        using var world = ClusterWorld.Serving(1);
        world.Ok<Balance>(new("bank", "ann"), "bank.credit", new Amount(7));
        string[] lines =
        [
            """{"entity":"bank/new","slices":[{"module":"bank","schema":1,"version":"1.0.0","state":{"Gold":5,"Transfers":0}}]}""".Replace("Gold", "gold").Replace("Transfers", "transfers"),
            "not json",
            """{"entity":"bank/new","slices":[]}""",
            """{"entity":"bank/ann","slices":[{"module":"bank","schema":1,"version":"1.0.0","state":{"gold":9,"transfers":0}}]}""",
            """{"entity":"tower/a","slices":[]}""",
            """{"entity":"bank/odd","slices":[{"module":"bank","schema":1,"version":"1.0.0","state":{"gold":"nine","transfers":0}}]}""",
            """{"entity":"bank/later","slices":[{"module":"bank","schema":4,"version":"4.0.0","state":{}}]}""",
            """{"entity":"bank/cut","slices":[],"rest":"5gE="}""",
        ];
        var refused = Assert.Throws<FindingsException>(() => Import(world, lines));

        Assert.Equal(["import/bad-line", "import/twice", "import/exists", "state/unknown-kind", "state/shape", "state/no-step", "import/bad-line"], refused.Findings.Select(finding => finding.Code));
        Assert.Equal(["line 12", "line 13", "line 14", "line 15", "line 16", "line 17", "line 18"], refused.Findings.Select(finding => finding.Where.Split(',')[0]));
        Assert.Single(Export(world));

        Assert.Equal(new ImportReport(1, 0, 1, 0), Import(world, [lines[0], lines[3]], ExistingEntities.Skip));
        Assert.Equal(7, world.Ok<Balance>(new("bank", "ann"), "bank.balance").Gold);
        Assert.Equal(new ImportReport(0, 1, 0, 1), Import(world, [lines[0], lines[3]], ExistingEntities.Replace));
        Assert.Equal(9, world.Ok<Balance>(new("bank", "ann"), "bank.balance").Gold);
    }

    [Fact]
    public void A_check_counts_what_would_not_load_and_names_examples()
    {
        using var world = ClusterWorld.Serving(1);
        world.Ok<Balance>(new("bank", "ann"), "bank.credit", new Amount(7));
        for (var i = 0; i < 120; i++) Put(world, new("bank", $"later-{i:000}"), new SliceRecord("bank", 4, "{}"u8.ToArray(), "4.0.0", 1));
        Put(world, new("bank", "kept"), new SliceRecord("bank", 1, """{"gold":1,"transfers":0}"""u8.ToArray(), "1.0.0", 1), new SliceRecord("gone", 1, [1], "1.0.0", 1));
        Put(world, new("room", "upward"), new SliceRecord("room", 2, """{"score":10,"frames":0,"lastFrame":0,"gap":false,"round":1}"""u8.ToArray(), "2.0.0", 1));
        Put(world, new("room", "torn"), new SliceRecord("room", 1, "{\"hits\":"u8.ToArray(), "1.0.0", 1));
        Put(world, new("tower", "a"));
        var report = world.Done(world.Cluster.EntityOps.CheckState(null, null, default));

        Assert.Equal((125, 122, 1), (report.Read, report.Bad, report.Kept));
        Assert.Equal(new Dictionary<string, long> { ["state/no-step"] = 120, ["state/not-json"] = 1, ["state/unknown-kind"] = 1 }, report.Problems);
        Assert.Equal((StateReport.MaxExamples, "bank/later-000"), (report.Examples.Count, report.Examples[0].Where));
        Assert.Equal(1, world.Done(world.Cluster.EntityOps.CheckState("room", null, default)).Bad);
    }

    static List<string> Export(ClusterWorld world) => [.. world.Done(world.Cluster.EntityOps.Export(null, null, 100, default)).Lines];

    static ImportReport Import(ClusterWorld world, IReadOnlyList<string> lines, ExistingEntities existing = ExistingEntities.Refuse, bool dryRun = false) =>
        world.Done(world.Cluster.EntityOps.Import(lines, new ImportRequest(existing, dryRun, FirstLine: 11), "ann", default));

    static EntityRecord Stored(ClusterWorld world, EntityId id) => world.Done(world.Entities.Read(id).AsTask())!;

    static void Put(ClusterWorld world, EntityId id, params SliceRecord[] slices) =>
        world.Done(world.Entities.Write([new EntityWrite(new EntityRecord { Id = id, Epoch = 1, Created = true, WriteId = Guid.NewGuid(), Slices = [.. slices] }, null)]).AsTask());
}
