using System.Net;
using System.Net.Sockets;
using System.Text;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.EndToEnd.Tests.Running;
using Evergrain.ModulePackaging;
using Xunit.Abstractions;

namespace Evergrain.EndToEnd.Tests;

/// <summary>Packages that no host should take: each is refused with every finding, the game goes on, and the next package is taken.</summary>
public sealed class BadPackageTests(RunningHost host, ITestOutputHelper output) : IClassFixture<RunningHost>, IAsyncLifetime
{
    (string, string) serving;
    int published;

    public async Task InitializeAsync() => (serving, published) = (await host.WhoServes(), (await host.Ops.Packages()).Count);

    public static TheoryData<string, string, string[]> Refusals => new()
    {
        { "no zip", ErrorCodes.BadPackage, ["package/no-zip"] },
        { "no manifest", ErrorCodes.BadPackage, ["package/bad-manifest", "package/bad-signature"] },
        { "wrong manifest", ErrorCodes.BadPackage, ["package/bad-manifest"] },
        { "wrong digest", ErrorCodes.BadPackage, ["package/wrong-digest"] },
        { "escaping path", ErrorCodes.BadPackage, ["package/path-escapes"] },
        { "bomb", ErrorCodes.BadPackage, ["package/bomb"] },
        { "cut off", ErrorCodes.UploadIncomplete, ["package/cut-off"] },
        { "another module's operation", ErrorCodes.BadPackage, ["package/foreign-operation"] },
        { "contract of a newer SDK", ErrorCodes.BadPackage, ["package/sdk-contract"] },
        { "forbidden code", ErrorCodes.BadPackage, ["code/timer", "code/static-mutable"] },
        { "other bytes", ErrorCodes.VersionPublished, ["package/version-published"] },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_bad_package_is_refused_with_its_findings(string what, string code, string[] findings)
    {
        var problem = await OpsDoor.Problem(await host.Ops.Publish(Bad(what)));

        Assert.Equal((code, Ran.No), (problem.Code, problem.Ran));
        Assert.Subset(problem.Findings!.Select(finding => finding.Code).ToHashSet(), findings.ToHashSet());
        Assert.All(problem.Findings!, finding => Assert.False(string.IsNullOrWhiteSpace(finding.Next)));
    }

    [Theory]
    [InlineData("9.0.1", "Bad.Configure", "Bad.Configure.ThrowingModule", "module/configure-throws")]
    [InlineData("9.0.2", "Bad.Constructor", "Bad.Constructor.ThrowingModule", "module/constructor-throws")]
    public async Task A_module_that_throws_while_it_is_prepared_is_aborted_everywhere(string version, string project, string type, string code)
    {
        await host.Ops.Published(Forge.Code("battle", version, project, type));
        published++;

        var rollout = await host.Ops.Rollout("battle", version);

        Assert.Equal(RolloutPhase.Aborted, rollout.Phase);
        Assert.Null(rollout.Epoch);
        Assert.Contains(rollout.Findings, finding => finding.Code == code && finding.Module == $"battle@{version}" && finding.Next.Length > 0);
        await OpsDoor.Until(async () => !(await Slots()).Any(slot => slot.Version == version && slot.State is SlotState.Preparing or SlotState.Ready), () => "nothing of it is loaded");
    }

    [Fact]
    public async Task Two_modules_cannot_own_one_kind_in_a_release()
    {
        await host.Ops.Published(Forge.Game("wallet", manifest => manifest with
        {
            Name = "purse",
            Operations = [.. manifest.Operations.Select(operation => operation with { Name = operation.Name.Replace("wallet.", "purse.", StringComparison.Ordinal) })],
            Uses = [],
        }));
        published++;

        var rollout = await host.Ops.Rollout("purse", "1.0.0");

        Assert.Equal(RolloutPhase.Aborted, rollout.Phase);
        Assert.Contains(rollout.Findings, finding => finding.Code == "release/kind-owned-twice");
    }

    [Fact]
    public async Task An_upload_whose_connection_breaks_publishes_nothing()
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, host.Url.Port);
        await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST /v1/ops/packages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nPK"));
        tcp.Client.Shutdown(SocketShutdown.Both);

        // DisposeAsync sees that nothing was published.
        Assert.Equal(published, (await host.Ops.Packages()).Count);
    }

    // Whatever came: what served serves, nothing more is published, and a good package is taken.
    public async Task DisposeAsync()
    {
        output.WriteLine(host.Log);
        Assert.Equal(serving, await host.WhoServes());
        Assert.Equal(published, (await host.Ops.Packages()).Count);
        Assert.Equal(HttpStatusCode.OK, (await host.Ops.Publish(Built.Game("battle", "1.0.0"))).StatusCode);
        var rollout = await host.Ops.Ended(await OpsDoor.Accepted(await host.Ops.Start(new RolloutRequest { Modules = [new ModuleId("battle", "1.1.0")], DryRun = true })));
        Assert.Empty(rollout.Findings);
    }

    static byte[] Bad(string what) => what switch
    {
        "no zip" => "hello"u8.ToArray(),
        "no manifest" => Forge.Zip(("lib/Some.dll", [1])),
        "wrong manifest" => Forge.Zip(("module.json", "{\"name\":7}"u8.ToArray()), ("signature.json", "{}"u8.ToArray())),
        "wrong digest" => Forge.Tampered("battle"),
        "escaping path" => Forge.Zip(("module.json", [1]), ("../evil.dll", [1])),
        "bomb" => Forge.Zip(("module.json", new byte[10 << 20])),
        "cut off" => Built.Game("battle", "1.1.0")[..^100],
        "another module's operation" => Forge.Game("battle", manifest => manifest with { Version = "9.9.0", Operations = [manifest.Operations[0] with { Name = "wallet.credit" }] }),
        "contract of a newer SDK" => Forge.Game("battle", manifest => manifest with { Version = "9.9.0", Sdk = new ContractRange(70, 90) }),
        "forbidden code" => Forge.Code("battle", "9.9.0", "Bad.Code", "Bad.Code.CodeModule"),
        "other bytes" => Forge.Game("battle", manifest => manifest with { Uses = [] }),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "No such package."),
    };

    async Task<IEnumerable<SlotStatus>> Slots() => (await host.Ops.Status()).Silos.SelectMany(silo => silo.Modules);
}
