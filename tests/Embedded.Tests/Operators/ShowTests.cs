using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.State;
using Evergrain.Embedded.Tests.World;
using Evergrain.ModuleSdk;

namespace Evergrain.Embedded.Tests.Operators;

/// <summary>An entity as an operator sees it.</summary>
public sealed class ShowTests
{
    static readonly EntityId House = new("vault", "house");

    [Fact]
    public void What_any_published_version_marks_secret_is_masked_while_the_entity_is_active_and_while_it_sleeps()
    {
        using var world = ClusterWorld.Serving(1);
        world.RollOut("vault@1.0.0");
        world.Call(House, "vault.open");
        Assert.NotNull(Show(world).Silo);
        AssertMasked(Show(world).Slices.Single());

        world.Pass(TimeSpan.FromSeconds(60));
        Assert.Null(Show(world).Silo);
        AssertMasked(Show(world).Slices.Single());
    }

    [Fact]
    public void The_state_of_a_module_that_nobody_published_is_hidden_and_says_so()
    {
        using var world = ClusterWorld.Serving(1);
        world.Done(world.Entities.Write([new EntityWrite(new EntityRecord
        {
            Id = House, Epoch = 1, Created = true, WriteId = Guid.NewGuid(), Slices = [new SliceRecord("gone", 1, "{\"code\":1}"u8.ToArray(), "1.0.0", 1)],
        }, null)]).AsTask());
        var slice = Show(world).Slices.Single();

        Assert.Equal("null", slice.State.GetRawText());
        Assert.Contains("No published version of gone", slice.Hidden);
    }

    [Fact]
    public void A_secret_that_is_misspelt_would_hide_nothing_and_is_a_mistake_of_the_module()
    {
        var module = new ModuleBuilder("vault", "9.0.0");
        Game.Vault.Kind(module).Secret("code", "keys.*.teeth", "cod", "keys.front", "notes.text.letters", "");
        var wrong = Assert.Throws<FindingsException>(module.Build);

        Assert.All(wrong.Findings, finding => Assert.EndsWith("bad-secret", finding.Code));
        Assert.Equal(["vault.cod", "vault.keys.front", "vault.notes.text.letters", "vault."], wrong.Findings.Select(finding => finding.Where));
        Assert.Contains("it has owner, code, keys, notes", wrong.Findings[0].Message);
    }

    [Fact]
    public void What_a_bad_version_touched_is_found_by_version_and_epoch()
    {
        using var world = ClusterWorld.Serving(2);
        for (var i = 0; i < 6; i++) world.Call(new("bank", $"b{i}"), "bank.credit", new Game.Amount(1));
        world.Pass(TimeSpan.FromSeconds(60));
        world.RollOut("bank@1.1.0");
        for (var i = 4; i < 8; i++) world.Call(new("bank", $"b{i}"), "bank.credit", new Game.Amount(1));

        Assert.Equal(["b4", "b5", "b6", "b7"], Keys(new EntityFilter { WrittenBy = new("bank", "1.1.0"), SinceEpoch = 2 }));
        Assert.Equal(["b0", "b1", "b2", "b3", "b4", "b5"], Keys(new EntityFilter { WrittenBy = new("bank", "1.0.0") }));
        Assert.Empty(Keys(new EntityFilter { WrittenBy = new("bank", "1.0.0"), SinceEpoch = 2 }));
        Assert.Equal(["b4", "b5"], Keys(new EntityFilter { SinceEpoch = 2, Limit = 2 }));

        IEnumerable<string> Keys(EntityFilter filter) => world.Done(world.Cluster.EntityOps.List(filter, default)).Entities.Select(row => row.Id.Key);
    }

    static EntityView Show(ClusterWorld world) => world.Done(world.Cluster.EntityOps.Show(House, default));

    static void AssertMasked(SliceView slice) => Assert.Equal(
        """{"owner":"house","code":"(secret)","keys":{"front":{"maker":"abus","teeth":"(secret)"}},"notes":[{"by":"ann","text":"(secret)"}]}""", slice.State.GetRawText());
}
