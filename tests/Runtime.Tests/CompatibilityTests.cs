using Evergrain.ModulePackaging;
using Evergrain.Runtime.Compatibility;
using Evergrain.Runtime.Tests.Support;

namespace Evergrain.Runtime.Tests;

public sealed class CompatibilityTests
{
    static readonly ModuleManifest One = Forge.Manifest("counter", "1.0.0");
    static readonly ModuleManifest Two = Forge.Manifest("counter", "2.0.0");
    static readonly ModuleManifest Balance = Forge.Manifest("counter-balance", "1.0.0");

    [Fact]
    public void A_step_up_and_one_down_are_fine_both_ways()
    {
        Assert.Empty(SchemaCheck.Check(Two, One, [], oneWay: false));
        Assert.Empty(SchemaCheck.Check(One, Two, [], oneWay: false));
    }

    [Fact]
    public void Without_steps_both_are_found() =>
        Assert.Equal(["schema/no-step-up", "schema/no-step-down"], SchemaCheck.Check(WithSteps(Two), One, [], oneWay: false).Select(finding => finding.Code));

    [Fact]
    public void Without_a_step_down_the_operator_must_accept_one_way()
    {
        var upOnly = WithSteps(Two, new StepManifest(1, 2));

        Assert.Equal("schema/no-step-down", Assert.Single(SchemaCheck.Check(upOnly, One, [], oneWay: false)).Code);
        Assert.Empty(SchemaCheck.Check(upOnly, One, [], oneWay: true));
    }

    [Fact]
    public void There_is_no_way_back_from_what_has_no_step_down()
    {
        var upOnly = WithSteps(Two, new StepManifest(1, 2));

        Assert.Equal("schema/no-way-back", Assert.Single(SchemaCheck.Check(One, upOnly, [], oneWay: false)).Code);
        Assert.Empty(SchemaCheck.Check(One, upOnly, [], oneWay: true));
    }

    [Fact]
    public void A_chain_may_go_by_the_steps_of_a_version_that_is_kept_loadable()
    {
        Assert.Empty(SchemaCheck.Check(Three(new(2, 3), new(3, 2)), One, [Two], oneWay: false));
        Assert.Empty(SchemaCheck.Check(One, Three(new(2, 3), new(3, 2)), [Two], oneWay: false));
    }

    [Fact]
    public void The_step_that_a_chain_lacks_is_named()
    {
        var findings = SchemaCheck.Check(Three(new(2, 3), new(3, 2)), One, [], oneWay: false);

        Assert.Equal([("schema/no-step-up", "Declare MigratesBetween(1, 2, …)."), ("schema/no-step-down", "Declare MigratesBetween(2, 1, …), or accept that the rollout goes one way.")],
            findings.Select(finding => (finding.Code, finding.Next)));
        Assert.Contains("from schema 1 up to 2, on the way from 1", findings[0].Message);
    }

    [Fact]
    public void What_the_serving_version_can_still_bring_up_from_the_store_the_next_must_too()
    {
        var forgetful = WithSteps(Two) with { Version = "2.1.0" };

        Assert.Equal("schema/no-step-up", Assert.Single(SchemaCheck.Check(forgetful, Two, [One], oneWay: false)).Code);
        Assert.Empty(SchemaCheck.Check(forgetful, Two, [Two, One], oneWay: false));
        Assert.Empty(SchemaCheck.Check(Three(new(2, 3), new(3, 2)), WithSteps(Two, new StepManifest(2, 1)), [One], oneWay: false));
        Assert.Equal("schema/no-step-up", Assert.Single(SchemaCheck.Check(Three(new(2, 3), new(3, 2)), null, [One], oneWay: false)).Code);
    }

    [Fact]
    public void Another_shape_under_the_same_number_is_found_in_both_directions()
    {
        var sneaky = Two with { Slices = [Two.Slices[0] with { Schema = 1, Steps = [] }] };

        Assert.Equal("counter.turns", Assert.Single(SchemaCheck.Check(sneaky, One, [], oneWay: false)).Where);
        Assert.Equal("counter.turns", Assert.Single(SchemaCheck.Check(One, sneaky, [], oneWay: false)).Where);
    }

    [Fact]
    public void Two_modules_that_claim_one_operation_or_own_one_kind_are_found()
    {
        var other = One with { Name = "other", DataSets = [] };

        var findings = ReleaseCheck.Check(One, [One, other, Balance]);

        Assert.Equal(3, findings.Count(finding => finding.Code == "release/operation-claimed-twice"));
        Assert.Single(findings, finding => finding is { Code: "release/kind-owned-twice", Where: "counter" });
    }

    [Fact]
    public void A_module_named_twice_is_found() =>
        Assert.Contains(ReleaseCheck.Check(Two, [One, Two, Balance]), finding => finding.Code == "release/module-twice");

    [Fact]
    public void What_others_call_must_not_be_taken_away()
    {
        var caller = One with { Name = "caller", Slices = [], Operations = [], DataSets = [], Uses = ["counter.later", "counter.add"] };

        Assert.Empty(ReleaseCheck.Check(One, [One, caller, Balance]));
        Assert.Equal("counter.later", Assert.Single(ReleaseCheck.Check(Two, [Two, caller, Balance])).Where);
    }

    [Fact]
    public void A_slice_needs_the_owner_of_its_kind()
    {
        var extension = One with { Name = "extra", Slices = [One.Slices[0] with { Owner = null }], Operations = [], DataSets = [] };

        Assert.Empty(ReleaseCheck.Check(extension, [extension, One]));
        Assert.Equal("release/kind-not-owned", Assert.Single(ReleaseCheck.Check(extension, [extension])).Code);
    }

    [Fact]
    public void A_diff_names_the_methods_that_changed_and_no_other()
    {
        Assert.Empty(MethodDiff.Compare(One, One));
        var changed = MethodDiff.Compare(One, Two);
        Assert.Contains("~ Counter.CounterModule.Add", changed);
        Assert.Contains("- Counter.CounterModule.Later", changed);
        Assert.Contains("+ Counter.CounterStateV1.ctor", changed);
        Assert.DoesNotContain("~ Counter.Add.ctor", changed);
        Assert.DoesNotContain(changed, method => method.Contains("CounterJson", StringComparison.Ordinal));
        Assert.All(MethodDiff.Compare(null, One), method => Assert.StartsWith("+ ", method, StringComparison.Ordinal));
    }

    static ModuleManifest Three(params StepManifest[] steps) =>
        Two with { Version = "3.0.0", Slices = [Two.Slices[0] with { Schema = 3, Steps = steps }] };

    static ModuleManifest WithSteps(ModuleManifest manifest, params StepManifest[] steps) => manifest with { Slices = [manifest.Slices[0] with { Steps = steps }] };
}
