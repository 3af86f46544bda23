using Evergrain.Contracts;
using Evergrain.ModulePackaging;
using Evergrain.Runtime.Tests.Support;
using Evergrain.Runtime.Verification;

namespace Evergrain.Runtime.Tests;

public sealed class CodeScanTests
{
    static readonly IReadOnlyList<Finding> Bad = Scan("Bad.Code", Fixtures.Assembly("Bad.Code"));

    [Theory]
    [InlineData("StartsTimer", "code/timer")]
    [InlineData("StartsPeriodicTimer", "code/timer")]
    [InlineData("RunsTask", "code/free-task")]
    [InlineData("Delays", "code/timer")]
    [InlineData("UsesFactory", "code/free-task")]
    [InlineData("StartsThread", "code/thread")]
    [InlineData("UsesPool", "code/thread")]
    [InlineData("SerializesByReflection", "code/reflection-json")]
    [InlineData("Describes", "code/reflection")]
    [InlineData("Binds", "code/reflection")]
    [InlineData("Subscribes", "code/host-event")]
    [InlineData("WatchesConsole", "code/outside-world")]
    [InlineData("ReadsFile", "code/outside-world")]
    [InlineData("OpensSocket", "code/outside-world")]
    [InlineData("StartsProcess", "code/outside-world")]
    [InlineData("ReadsClock", "code/clock")]
    [InlineData("DrawsShared", "code/random")]
    [InlineData("DrawsUnseeded", "code/random")]
    [InlineData("Waits", "code/blocking-wait")]
    [InlineData("GoesOn", "code/free-task")]
    [InlineData("Spreads", "code/thread")]
    [InlineData("Forgets", "code/async-void")]
    [InlineData("getpid", "code/native")]
    public void An_offence_is_found_with_its_method(string method, string code) =>
        Assert.Contains(Bad, finding => finding.Code == code && finding.Where == $"Bad.Code.Offences.{method}");

    [Fact]
    public void An_offence_inside_an_async_method_is_found() =>
        Assert.Contains(Bad, finding => finding.Code == "code/configure-await" && finding.Where.Contains("<Escapes>", StringComparison.Ordinal));

    [Fact]
    public void A_lambda_that_nobody_can_await_is_found() =>
        Assert.Contains(Bad, finding => finding.Code == "code/async-void" && finding.Where.Contains("<ForgetsInALambda>", StringComparison.Ordinal));

    [Fact]
    public void Seeded_chance_is_fine() => Assert.DoesNotContain(Bad, finding => finding.Where.EndsWith("DrawsSeeded", StringComparison.Ordinal));

    [Theory]
    [InlineData("Counter", "code/static-mutable")]
    [InlineData("Listed", "code/static-mutable")]
    [InlineData("Elements", "code/static-mutable")]
    [InlineData("Holder", "code/static-mutable")]
    [InlineData("Automatic", "code/static-mutable")]
    [InlineData("Happened", "code/static-mutable")]
    [InlineData("perThread", "code/ambient")]
    public void State_in_a_static_field_is_found(string field, string code) =>
        Assert.Contains(Bad, finding => finding.Code == code && finding.Where == $"Bad.Code.Statics.{field}");

    [Theory]
    [InlineData("Constant")]
    [InlineData("Number")]
    [InlineData("Fine")]
    public void A_static_that_cannot_change_is_fine(string field) => Assert.DoesNotContain(Bad, finding => finding.Where == $"Bad.Code.Statics.{field}");

    [Fact]
    public void The_classic_battle_leak_is_refused_for_every_part_of_it()
    {
        var found = Bad.Where(finding => finding.Where.StartsWith("Bad.Code.BattleLeak", StringComparison.Ordinal)).ToArray();

        Assert.Contains(found, finding => finding is { Code: "code/static-mutable", Where: "Bad.Code.BattleLeak.Heartbeats" });
        Assert.Contains(found, finding => finding is { Code: "code/timer", Where: "Bad.Code.BattleLeak.Connect" });
        Assert.Contains(found, finding => finding is { Code: "code/free-task", Where: "Bad.Code.BattleLeak.Connect" });
        Assert.Contains(found, finding => finding.Code == "code/timer" && finding.Where.Contains("<SyncState>", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1.0.0")]
    [InlineData("2.0.0")]
    public void A_good_module_with_lambdas_async_methods_and_generated_JSON_passes(string version) =>
        Assert.Empty(CodeScan.Scan(Forge.Open(Fixtures.Package("counter", version)).Assemblies, default));

    [Fact]
    public void What_is_no_assembly_is_found() => Assert.Equal("code/bad-image", Assert.Single(Scan("Some", [1, 2, 3])).Code);

    [Fact]
    public void A_scan_can_be_cancelled() =>
        Assert.Throws<OperationCanceledException>(() => CodeScan.Scan(new Dictionary<string, AssemblyImage> { ["Bad.Code"] = new(Fixtures.Assembly("Bad.Code"), null) }, new CancellationToken(canceled: true)));

    static IReadOnlyList<Finding> Scan(string name, byte[] dll) => CodeScan.Scan(new Dictionary<string, AssemblyImage> { [name] = new(dll, null) }, default);
}
