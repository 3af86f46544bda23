using Evergrain.Contracts;
using Evergrain.Stores.Tests.Stores;

namespace Evergrain.Stores.Tests.Conformance;

/// <summary>What every package store does.</summary>
public abstract class PackageConformance(StoreHouse house) : StoreTest(house)
{
    [StoreFact]
    public async Task A_package_is_there_once_publishing_it_has_answered()
    {
        var package = Sample.Package("lab", "1.0.0");

        var receipt = await Store.Packages.Publish(package, default);

        Assert.Equal(("lab", "1.0.0", package.Ref.Digest, 3L, true), (receipt.Name, receipt.Version, receipt.Digest, receipt.Size, receipt.Created));
        Assert.Equal(package.Bytes.ToArray(), (await Store.Packages.Read(package.Ref.Digest, default))!.Value.ToArray());
        var found = (await Store.Packages.Find("lab", "1.0.0", default))!;
        Assert.Equal((package.Ref, 3L, "lab"), (found.Ref, found.Size, found.Manifest.Name));
    }

    [StoreFact]
    public async Task What_was_never_published_is_not_there()
    {
        await Store.Packages.Publish(Sample.Package("lab", "1.0.0"), default);
        Assert.Null(await Store.Packages.Read("0000", default));
        Assert.Null(await Store.Packages.Find("lab", "1.0.1", default));
        Assert.Null(await Store.Packages.Find("Lab", "1.0.0", default));
    }

    [StoreFact]
    public async Task The_same_bytes_again_are_no_error_and_others_under_the_same_version_are()
    {
        await Store.Packages.Publish(Sample.Package("lab", "1.0.0", content: 1), default);

        Assert.False((await Store.Packages.Publish(Sample.Package("lab", "1.0.0", content: 1), default)).Created);
        var taken = await Assert.ThrowsAsync<FindingsException>(async () => await Store.Packages.Publish(Sample.Package("lab", "1.0.0", content: 2), default));
        Assert.Equal(ErrorCodes.VersionPublished, taken.Code);
        Assert.Equal(1, (await Store.Packages.Read(Sample.Package("lab", "1.0.0", content: 1).Ref.Digest, default))!.Value.Span[0]);
    }

    [StoreFact]
    public async Task Of_many_who_publish_a_version_at_once_the_first_wins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            try
            {
                return (await Store.Packages.Publish(Sample.Package("lab", "1.0.0", (byte)(i % 4)), default)).Created ? "created" : "same";
            }
            catch (FindingsException taken)
            {
                return taken.Code;
            }
        })));

        Assert.Equal(["created", "same", .. Enumerable.Repeat(ErrorCodes.VersionPublished, 6)], outcomes.OrderBy(outcome => outcome switch { "created" => 0, "same" => 1, _ => 2 }));
    }

    [StoreFact]
    public async Task They_are_listed_by_name_and_version()
    {
        foreach (var (name, version) in new[] { ("lab", "1.10.0"), ("safe", "1.0.0"), ("lab", "1.9.0"), ("lab", "1.10.0-rc.1") }) await Store.Packages.Publish(Sample.Package(name, version), default);
        Assert.Equal(["lab@1.9.0", "lab@1.10.0-rc.1", "lab@1.10.0", "safe@1.0.0"], (await Store.Packages.List(default)).Select(package => package.Ref.ToString()));
    }
}
