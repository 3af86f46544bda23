using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.ModulePackaging;
using Evergrain.Runtime.Tests.Support;

namespace Evergrain.Runtime.Tests;

public sealed class SampleTests
{
    const string Data = """ "data": { "counter-balance": { "step": 1 } } """;
    const string Add = """ "kind": "counter", "schema": 1, "state": { "count": 5 }, "operation": "counter.add", "arguments": { "amount": 3 } """;

    [Fact]
    public void A_build_packs_the_samples_and_the_manifest_lists_them()
    {
        var contents = Forge.Open(Fixtures.Package("counter", "2.0.0"));

        Assert.Equal(["samples/add.json", "samples/up.json"], contents.Manifest.Samples);
        Assert.Equal(contents.Manifest.Samples!, contents.Samples.Keys);
        Assert.Equal("counter.add", contents.Samples["samples/add.json"].Operation);
    }

    [Theory]
    [InlineData("1.0.0")]
    [InlineData("2.0.0")]
    public async Task Good_samples_let_a_package_through(string version) => Assert.Empty(await Play(version));

    [Fact]
    public async Task A_sample_may_name_what_leaves_the_turn_in_any_order_of_members()
    {
        Assert.Empty(await Play("1.0.0", ("order", $$"""{ {{Add}}, {{Data}}, "expect": { "events": [{ "data": { "count": 8 }, "name": "counter.counted" }], "sends": [], "schedules": [], "result": { "count": 8.0 } } }""")));
    }

    [Fact]
    public async Task The_first_state_stands_in_where_a_sample_names_none() =>
        Assert.Empty(await Play("1.0.0", ("first", $$"""{ "kind": "counter", "operation": "counter.add", "arguments": { "amount": 3 }, {{Data}}, "expect": { "state": { "count": 3 }, "result": { "count": 3 } } }""")));

    [Fact]
    public async Task Every_difference_is_told_with_file_member_expected_and_actual()
    {
        var findings = await Play("1.0.0",
            ("one", $$"""{ {{Add}}, {{Data}}, "expect": { "result": { "count": 9 }, "state": { "count": 7, "more": 1 }, "events": [] } }"""),
            ("two", $$"""{ {{Add}}, {{Data}}, "expect": { "rejected": "too-much" } }"""));

        Assert.All(findings, finding => Assert.Equal(("sample/different", "counter@1.0.0"), (finding.Code, finding.Module)));
        Assert.Equal(["samples/one.json: expect.events[0]", "samples/one.json: expect.result.count", "samples/one.json: expect.state.count", "samples/one.json: expect.state.more", "samples/two.json: expect.rejected"],
            findings.Select(finding => finding.Where).Order(StringComparer.Ordinal));
        Assert.Equal("samples/one.json: expect.result.count is 8; expected was 9.", findings.Single(finding => finding.Where.EndsWith("result.count", StringComparison.Ordinal)).Message);
        Assert.Equal("samples/two.json: expect.rejected is nothing; expected was \"too-much\".", findings.Single(finding => finding.Where.EndsWith("rejected", StringComparison.Ordinal)).Message);
    }

    [Fact]
    public async Task An_older_state_is_brought_up_first_and_may_lose_nothing_on_its_way_down_again()
    {
        const string Large = """ "kind": "counter", "schema": 1, "state": { "count": 5, "turns": 3 }""";

        var finding = Assert.Single(await Play("2.0.0", ("lost", $$"""{ {{Large}}, "expect": { "state": { "count": 5, "turns": 0 } } }""")));

        Assert.Equal(("sample/different", "samples/lost.json: state.turns"), (finding.Code, finding.Where));
        Assert.Contains("up to schema 2 and down to 1 again", finding.Message, StringComparison.Ordinal);
        Assert.Empty(await Play("2.0.0", ("lost", $$"""{ {{Large}}, "oneWay": true, "expect": { "state": { "count": 5, "turns": 0 } } }""")));
    }

    [Theory]
    [InlineData("later", """ "operation": "counter.later", "expect": { "result": { "count": 5 } } """, "sample/calls-others", "counter.total of counter/sample")]
    [InlineData("data", """ "operation": "counter.add", "arguments": { "amount": 1 }, "expect": { "result": { "count": 6 } } """, "sample/failed", "counter-balance")]
    [InlineData("operation", """ "operation": "counter.fly", "expect": { "result": { "count": 5 } } """, "sample/unreadable", "counter.fly")]
    [InlineData("arguments", """ "operation": "counter.add", "arguments": { "amount": "three" }, "expect": { "result": { "count": 5 } } """, "sample/unreadable", "do not fit")]
    public async Task What_a_sample_cannot_play_is_said(string name, string rest, string code, string said)
    {
        var finding = Assert.Single(await Play("1.0.0", (name, $$"""{ "kind": "counter", "schema": 1, "state": { "count": 5 }, {{rest}} }""")));

        Assert.Equal(code, finding.Code);
        Assert.StartsWith($"samples/{name}.json: ", finding.Where, StringComparison.Ordinal);
        Assert.Contains(said, finding.Message, StringComparison.Ordinal);
        Assert.NotEmpty(finding.Next);
    }

    [Theory]
    [InlineData(""" "kind": "room", "schema": 1, "state": {} """, "no slice of room")]
    [InlineData(""" "kind": "counter", "schema": 3, "state": { "count": 5 } """, "from schema 3 to 1")]
    [InlineData(""" "kind": "counter", "schema": 1, "state": { "count": "five" } """, "Reading the state of schema 1")]
    public async Task A_state_that_is_none_of_the_module_is_said(string what, string said)
    {
        var finding = Assert.Single(await Play("1.0.0", ("state", $$"""{ {{what}}, "expect": { "state": {} } }""")));

        Assert.Equal("sample/unreadable", finding.Code);
        Assert.Contains(said, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_of_the_module_is_told_in_words_and_lets_its_code_go()
    {
        await using var silo = new Silo();
        var module = Forge.Module("Bad.Sample", "Bad.Sample.SampleModule", manifest => manifest with { Operations = [.. manifest.Operations.Where(operation => operation.Name == "counter.add")], Events = [] });
        var bad = await silo.Publish(Forge.Sampled(module, ("throws", """{ "kind": "counter", "operation": "counter.add", "arguments": { "amount": 1 }, "expect": { "result": {} } }""")));

        var finding = Assert.Single(await silo.Refused(bad));

        Assert.Equal("sample/failed", finding.Code);
        Assert.Contains("Bad.Sample.OwnException: not this time", finding.Message, StringComparison.Ordinal);
        await Contexts.Vanished("Bad.Sample");
    }

    [Fact]
    public async Task A_package_whose_sample_fails_leaves_nothing_behind_and_the_next_try_works()
    {
        await using var silo = new Silo();
        var balance = await silo.Publish(Fixtures.Package("counter-balance", "1.0.0"));
        var (good, bad) = (await silo.Publish(Fixtures.Package("counter", "1.0.0")), await silo.Publish(Version("1.0.1", ("wrong", $$"""{ {{Add}}, {{Data}}, "expect": { "result": { "count": 0 } } }"""))));
        await silo.Ready(balance, good);
        await silo.Ready(good, balance);
        silo.Runtime.Activate(1, [good, balance]);
        var table = silo.Runtime.Table;

        Assert.Equal("sample/different", Assert.Single(await silo.Refused(bad, balance)).Code);

        Assert.Same(table, silo.Runtime.Table);
        Assert.Equal(SlotState.Refused, silo.Runtime.Report().Single(status => status.Version == "1.0.1").State);
        var mended = await silo.Publish(Version("1.0.2", ("right", $$"""{ {{Add}}, {{Data}}, "expect": { "result": { "count": 8 } } }""")));
        Assert.NotNull(await silo.Ready(mended, balance));
    }

    [Theory]
    [InlineData("{ nonsense")]
    [InlineData("null")]
    [InlineData("""{ "kind": "counter" }""")]
    [InlineData("""{ "kind": "counter", "expect": {} }""")]
    [InlineData("""{ "kind": "Counter", "operation": "counter.add", "expect": { "result": {} } }""")]
    [InlineData("""{ "kind": "counter", "operation": "counter.add", "expect": {} }""")]
    [InlineData("""{ "kind": "counter", "operation": "counter.add", "expect": { "result": {}, "rejected": "no" } }""")]
    [InlineData("""{ "kind": "counter", "state": {}, "expect": {} }""")]
    [InlineData("""{ "kind": "counter", "schema": 1, "state": {}, "expect": { "result": {} } }""")]
    [InlineData("""{ "kind": "counter", "operation": "counter.add", "argumens": {}, "expect": { "result": {} } }""")]
    [InlineData("""{ "kind": "counter", "operation": "counter.add", "frame": -1, "expect": { "result": {} } }""")]
    public void A_file_that_is_no_sample_is_refused_with_its_package(string content)
    {
        var finding = Assert.Single(PackageReader.Read(Version("1.0.1", ("odd", content)), new PackageLimits()).Findings);

        Assert.Equal("sample/unreadable", finding.Code);
        Assert.StartsWith("samples/odd.json", finding.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_lists_exactly_the_samples_that_are_packed()
    {
        var package = Forge.Counter(manifest => manifest with { Samples = ["samples/other.json"] });

        Assert.Equal(["samples/add.json", "samples/other.json"], PackageReader.Read(package, new PackageLimits()).Findings.Select(finding => finding.Where));
    }

    static byte[] Version(string version, params (string Name, string Json)[] samples) => Forge.Sampled(Forge.Counter(manifest => manifest with { Version = version }), samples);

    /// <summary>What Prepare says of a counter with these samples; with its own where none are given.</summary>
    static async Task<IReadOnlyList<Finding>> Play(string version, params (string Name, string Json)[] samples)
    {
        await using var silo = new Silo();
        var balance = await silo.Publish(Fixtures.Package("counter-balance", "1.0.0"));
        var package = Fixtures.Package("counter", version);
        var counter = await silo.Publish(samples.Length == 0 ? package : Forge.Sampled(package, samples));
        var result = await silo.Runtime.Prepare(counter, [counter, balance], default);
        Assert.Equal(result.Findings.Count == 0, result.Slot is not null);
        return result.Findings;
    }
}
