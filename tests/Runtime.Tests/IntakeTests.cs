using Evergrain.Contracts;
using Evergrain.ModulePackaging;
using Evergrain.Runtime.Tests.Support;

namespace Evergrain.Runtime.Tests;

public sealed class IntakeTests
{
    static readonly byte[] Counter = Fixtures.Package("counter", "1.0.0");
    readonly MemoryPackageStore store = new();

    PackageIntake Intake(bool acceptUnsigned = true) => new(store, new PackageLimits { MaxPackageBytes = 1 << 20 }, new SignaturePolicy { AcceptUnsigned = acceptUnsigned });

    [Fact]
    public async Task The_same_bytes_again_are_no_error()
    {
        var first = await Intake().Publish(Counter, default);
        var second = await Intake().Publish(Counter, default);

        Assert.True(first.Created);
        Assert.Equal(first with { Created = false }, second);
        Assert.Equal(Counter, (await store.Read(first.Digest, default))!.Value.ToArray());
        Assert.Equal("counter@1.0.0", Assert.Single(await store.List(default)).Ref.ToString());
    }

    [Fact]
    public async Task The_buffer_of_an_upload_may_be_used_again()
    {
        var buffer = Counter.ToArray();
        var receipt = await Intake().Publish(buffer, default);
        Array.Clear(buffer);

        Assert.Equal(Counter, (await store.Read(receipt.Digest, default))!.Value.ToArray());
    }

    [Fact]
    public async Task A_version_with_other_bytes_is_refused_and_the_first_stays()
    {
        var first = await Intake().Publish(Counter, default);
        var other = Forge.Counter(manifest => manifest with { Uses = ["counter.total"] });

        var refused = await Assert.ThrowsAsync<FindingsException>(() => Intake().Publish(other, default).AsTask());

        Assert.Equal(ErrorCodes.VersionPublished, refused.Code);
        Assert.Equal("package/version-published", Assert.Single(refused.Findings).Code);
        Assert.Equal(first.Digest, (await store.Find("counter", "1.0.0", default))!.Ref.Digest);
    }

    [Fact]
    public async Task An_unsigned_package_needs_a_host_that_says_so() =>
        Assert.Equal("package/unsigned", Assert.Single((await Refused(Counter, acceptUnsigned: false)).Findings).Code);

    [Fact]
    public async Task What_is_wrong_with_an_upload_has_its_own_code()
    {
        Assert.Equal(ErrorCodes.BadPackage, (await Refused("nonsense"u8.ToArray())).Code);
        Assert.Equal(ErrorCodes.UploadIncomplete, (await Refused(Counter[..^200])).Code);
        Assert.Equal(ErrorCodes.PackageTooLarge, (await Refused(new byte[2 << 20])).Code);
    }

    [Fact]
    public async Task An_SDK_contract_out_of_range_is_refused() =>
        Assert.Equal("package/sdk-contract", Assert.Single((await Refused(Forge.Counter(manifest => manifest with { Sdk = new ContractRange(2, 5) }))).Findings).Code);

    [Fact]
    public async Task Offences_of_the_code_are_all_said_and_nothing_is_stored()
    {
        var refused = await Refused(Forge.Module("Bad.Code", "Bad.Code.CodeModule"));

        Assert.Contains(refused.Findings, finding => finding.Code == "code/timer");
        Assert.Contains(refused.Findings, finding => finding.Code == "code/static-mutable");
        Assert.All(refused.Findings, finding => Assert.Equal("counter@1.0.0", finding.Module));
        Assert.Empty(await store.List(default));
    }

    [Fact]
    public async Task A_folder_is_preloaded_around_its_bad_packages()
    {
        var folder = Directory.CreateTempSubdirectory("evergrain-preload");
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "bad.gmod"), [1, 2, 3]);
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "counter-1.0.0.gmod"), Counter);
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "huge.gmod"), new byte[2 << 20]);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "readme.txt"), "no package");

            var result = await new PreloadFolder(Intake(), new PackageLimits { MaxPackageBytes = 1 << 20 }).Publish(folder.FullName, default);

            Assert.Equal("counter", Assert.Single(result.Receipts).Name);
            Assert.Equal(["package/no-zip", "package/too-large"], result.Findings.Select(finding => finding.Code));
            Assert.StartsWith("bad.gmod", result.Findings[0].Where, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_has_no_packages() =>
        Assert.Empty((await new PreloadFolder(Intake(), new PackageLimits()).Publish(Path.Combine(Path.GetTempPath(), "evergrain-no-such-folder"), default)).Receipts);

    async Task<FindingsException> Refused(byte[] package, bool acceptUnsigned = true) =>
        await Assert.ThrowsAsync<FindingsException>(() => Intake(acceptUnsigned).Publish(package, default).AsTask());
}
