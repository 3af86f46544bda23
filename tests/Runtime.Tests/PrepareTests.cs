using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.ModulePackaging;
using Evergrain.Runtime.Tests.Support;

namespace Evergrain.Runtime.Tests;

public sealed class PrepareTests
{
    static readonly byte[] Counter1 = Fixtures.Package("counter", "1.0.0");
    static readonly byte[] Counter2 = Fixtures.Package("counter", "2.0.0");
    static readonly byte[] Balance = Fixtures.Package("counter-balance", "1.0.0");

    [Fact]
    public async Task The_same_digest_gives_the_same_slot()
    {
        await using var silo = new Silo();
        var (balance, counter) = (await silo.Publish(Balance), await silo.Publish(Counter1));

        Assert.Same(await silo.Ready(counter, balance), await silo.Ready(counter, balance));
        Assert.Equal(SlotState.Ready, Assert.Single(silo.Runtime.Report()).State);
    }

    [Fact]
    public async Task Two_who_ask_at_once_share_one_load()
    {
        var loader = new FakeLoader();
        loader.Door.Reset();
        await using var silo = new Silo(loader: loader);
        var (balance, counter) = (await silo.Publish(Balance), await silo.Publish(Counter1));

        var both = (silo.Runtime.Prepare(counter, [counter, balance], default), silo.Runtime.Prepare(counter, [balance, counter], default));
        loader.Door.Set();

        Assert.Same((await both.Item1).Slot, (await both.Item2).Slot);
        Assert.Equal(1, loader.Loads);
    }

    [Fact]
    public async Task One_who_gives_up_leaves_the_other_waiting_and_the_last_cancels()
    {
        var loader = new FakeLoader();
        loader.Door.Reset();
        await using var silo = new Silo(loader: loader);
        var (balance, counter) = (await silo.Publish(Balance), await silo.Publish(Counter1));
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();

        var one = silo.Runtime.Prepare(counter, [counter, balance], first.Token);
        var two = silo.Runtime.Prepare(counter, [counter, balance], second.Token);
        await loader.Loading.Task;
        first.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Assert.False(two.IsCompleted);
        second.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => two);

        await silo.Shows(SlotState.Draining);
        loader.Door.Set();
        Assert.NotNull(await silo.Ready(counter, balance));
    }

    [Fact]
    public async Task What_the_release_lacks_is_found_all_at_once()
    {
        await using var silo = new Silo();
        var counter = await silo.Publish(Forge.Counter(manifest => manifest with { Uses = ["wallet.credit", "player.hurt"], Slices = [manifest.Slices[0] with { Owner = null }] }));

        var findings = await silo.Refused(counter);

        Assert.Equal(["release/data-missing", "release/kind-not-owned", "release/operation-missing", "release/operation-missing"], findings.Select(finding => finding.Code).Order());
        Assert.All(findings, finding => Assert.Equal("counter@1.0.0", finding.Module));
        Assert.Equal(SlotState.Refused, Assert.Single(silo.Runtime.Report()).State);
    }

    [Theory]
    [InlineData("{}", "counter-balance.step")]
    [InlineData("""{"step":"one"}""", "counter-balance.step")]
    [InlineData("[1]", "counter-balance")]
    public async Task A_data_set_that_does_not_fit_its_reader_is_found_when_either_is_prepared(string json, string where)
    {
        await using var silo = new Silo();
        var counter = await silo.Publish(Counter1);
        var balance = await silo.Publish(Forge.Data("counter-balance", "1.0.1", json));

        Assert.Equal(("release/data-does-not-fit", where), ((await silo.Refused(counter, balance))[0].Code, (await silo.Refused(balance, counter))[0].Where));
    }

    [Fact]
    public async Task A_package_that_was_never_published_is_not_found()
    {
        await using var silo = new Silo();

        Assert.Equal("package/not-found", (await silo.Refused(new PackageRef("counter", "9.0.0", "00")))[0].Code);
    }

    [Fact]
    public async Task A_module_that_throws_in_Configure_is_refused_in_its_own_words()
    {
        await using var silo = new Silo();
        var bad = await silo.Publish(Forge.Module("Bad.Configure", "Bad.Configure.ThrowingModule"));

        var finding = Assert.Single(await silo.Refused(bad));

        Assert.Equal("module/configure-throws", finding.Code);
        Assert.Contains("OwnException: no luck today", finding.Message, StringComparison.Ordinal);
        await Contexts.Vanished("Bad.Configure");
    }

    [Fact]
    public async Task A_module_that_throws_in_its_constructor_is_refused_in_its_own_words()
    {
        await using var silo = new Silo();
        var bad = await silo.Publish(Forge.Module("Bad.Constructor", "Bad.Constructor.ThrowingModule"));

        var finding = Assert.Single(await silo.Refused(bad));

        Assert.Equal("module/constructor-throws", finding.Code);
        Assert.Contains("not built today", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configure_that_does_not_return_is_refused_after_the_load_timeout()
    {
        await using var silo = new Silo(Silo.Options with { LoadTimeout = TimeSpan.FromMilliseconds(100) });
        var bad = await silo.Publish(Forge.Module("Bad.Slow", "Bad.Slow.SlowModule"));

        Assert.Equal("module/configure-slow", Assert.Single(await silo.Refused(bad)).Code);
    }

    [Fact]
    public async Task Configure_that_never_returns_takes_one_thread_and_is_named_until_it_does()
    {
        var (loader, time) = (new FakeLoader(), new FakeTime());
        await using var silo = new Silo(Silo.Options, loader, time, new FakeCollector());
        var package = await silo.Publish(Forge.Counter(manifest => manifest with { DataSets = [] }));
        loader.Door.Reset();
        var first = silo.Runtime.Prepare(package, [package], default);
        await time.Pass(Silo.Options.LoadTimeout);
        Assert.Equal("module/configure-slow", Assert.Single((await first).Findings).Code);

        for (var again = 0; again < 3; again++)
        {
            var finding = Assert.Single(await silo.Refused(package));
            Assert.Equal("module/still-configuring", finding.Code);
            Assert.Contains("since 1970-01-01 00:00:00 UTC", finding.Message);
        }

        Assert.Equal(1, loader.Loads);
        Assert.Equal((SlotState.Stuck, package.Digest), (Assert.Single(silo.Runtime.Report()).State, silo.Runtime.Report()[0].Digest));
        loader.Door.Set();
        await loader.Unloaded.Task;
        await silo.Ready(package);
        Assert.Equal(SlotState.Ready, Assert.Single(silo.Runtime.Report()).State);
    }

    [Fact]
    public async Task A_load_that_was_given_up_is_waited_for_by_the_next_of_the_same_package()
    {
        var (loader, time) = (new FakeLoader(), new FakeTime());
        await using var silo = new Silo(Silo.Options, loader, time, new FakeCollector());
        var package = await silo.Publish(Forge.Counter(manifest => manifest with { DataSets = [] }));
        loader.Door.Reset();
        using var giveUp = new CancellationTokenSource();
        var first = silo.Runtime.Prepare(package, [package], giveUp.Token);
        await loader.Loading.Task;
        giveUp.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        time.Advance(TimeSpan.FromSeconds(3));
        var second = silo.Runtime.Prepare(package, [package], default);
        await time.HasTimer(Silo.Options.LoadTimeout - TimeSpan.FromSeconds(3));
        loader.Door.Set();

        Assert.NotNull((await second).Slot);
        Assert.Equal((2, 1), (loader.Loads, loader.MostAtOnce));
    }

    [Fact]
    public async Task Code_that_is_not_what_the_manifest_says_is_refused()
    {
        await using var silo = new Silo();
        var balance = await silo.Publish(Balance);
        var wrong = await silo.Publish(Forge.Counter(manifest => manifest with { Operations = [manifest.Operations[0] with { Name = "counter.other" }], Events = [] }));

        var findings = await silo.Refused(wrong, balance);

        Assert.All(findings, finding => Assert.Equal("module/manifest-disagrees", finding.Code));
        Assert.Equal(5, findings.Count);
    }

    [Fact]
    public async Task After_a_refusal_the_running_version_serves_on_and_the_next_try_works()
    {
        await using var silo = new Silo();
        var (balance, counter) = (await silo.Publish(Balance), await silo.Publish(Counter1));
        await silo.Ready(balance);
        await silo.Ready(counter, balance);
        silo.Runtime.Activate(1, [counter, balance]);
        var lonely = await silo.Publish(Counter2);

        Assert.Equal("release/data-missing", Assert.Single(await silo.Refused(lonely)).Code);
        Assert.Equal(1, silo.Runtime.Table.Epoch);
        Assert.Equal(SlotState.Serving, silo.Runtime.Table.Slots[0].State);
        Assert.NotNull(await silo.Ready(lonely, balance));
    }

    [Fact]
    public async Task A_schema_changed_under_the_same_number_is_refused_against_what_serves()
    {
        await using var silo = new Silo(loader: new FakeLoader());
        var (balance, counter) = (await silo.Publish(Balance), await silo.Publish(Counter1));
        await silo.Ready(balance);
        await silo.Ready(counter, balance);
        silo.Runtime.Activate(1, [counter, balance]);
        var next = await silo.Publish(Forge.Counter(manifest => manifest with { Slices = [manifest.Slices[0] with { Schema = 1, Steps = [] }] }, "2.0.0"));

        Assert.Contains(await silo.Refused(next, balance), finding => finding is { Code: "schema/shape-changed", Where: "counter.turns" });
    }

    [Fact]
    public async Task A_silo_with_an_empty_table_judges_against_what_the_cluster_serves()
    {
        await using var silo = new Silo(loader: new FakeLoader());
        var (balance, counter) = (await silo.Publish(Balance), await silo.Publish(Counter1));
        var next = await silo.Publish(Forge.Counter(manifest => manifest with { Slices = [manifest.Slices[0] with { Schema = 1, Steps = [] }] }, "2.0.0"));

        var joined = await silo.Runtime.Prepare(next, [next, balance], serving: [counter, balance], default);

        Assert.Null(joined.Slot);
        Assert.Contains(joined.Findings, finding => finding is { Code: "schema/shape-changed", Where: "counter.turns" });
        Assert.Equal(0, silo.Runtime.Table.Epoch);
        // The release that the cluster serves is not judged against itself.
        Assert.NotNull((await silo.Runtime.Prepare(counter, [counter, balance], serving: [counter, balance], default)).Slot);
    }

    [Fact]
    public async Task Bytes_that_the_store_gives_wrong_are_refused()
    {
        await using var silo = new Silo();
        var manifest = Forge.Manifest("counter", "1.0.0") with { DataSets = [] };
        var package = new PackageRef("counter", "1.0.0", new string('0', 64));
        await silo.Store.Publish(new PublishedPackage(package, Counter1.Length, manifest, Counter1), default);

        Assert.Equal("package/wrong-digest", Assert.Single(await silo.Refused(package)).Code);
    }

    [Fact]
    public async Task A_package_that_the_store_took_unjudged_is_judged_again()
    {
        await using var silo = new Silo();
        var forged = Forge.Counter(manifest => manifest with { Sdk = new ContractRange(7, 9), DataSets = [] });

        var finding = Assert.Single(await silo.Refused(await silo.Smuggle(forged, Forge.Manifest("counter", "1.0.0") with { DataSets = [] })));

        Assert.Equal("package/sdk-contract", finding.Code);
        Assert.Equal("Upgrade the host first.", finding.Next);
    }

    [Fact]
    public async Task A_package_larger_than_free_memory_is_refused()
    {
        await using var silo = new Silo(Silo.Options with { FreeMemory = () => 1000 });
        var (balance, counter) = (await silo.Publish(Balance), await silo.Publish(Counter1));

        Assert.Equal("package/no-memory", Assert.Single(await silo.Refused(counter, balance)).Code);
    }

    [Fact]
    public async Task A_disposed_runtime_prepares_nothing()
    {
        var silo = new Silo();
        var counter = await silo.Publish(Counter1);
        await silo.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => silo.Runtime.Prepare(counter, [counter], default));
        Assert.Throws<ObjectDisposedException>(() => silo.Runtime.Activate(1, []));
    }
}
