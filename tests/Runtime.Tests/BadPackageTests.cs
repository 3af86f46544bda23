using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.ModulePackaging;
using Evergrain.Runtime.Tests.Support;

namespace Evergrain.Runtime.Tests;

/// <summary>Every way in which a package can be bad, against a silo that serves: the error says what and what next, nothing is applied,
/// the running version is untouched, and the next try works.</summary>
public sealed class BadPackageTests
{
    static readonly byte[] Good = Fixtures.Package("counter", "1.0.0");

    public static readonly IReadOnlyDictionary<string, (Func<byte[]> Package, string Error, string Finding)> AtUpload = new Dictionary<string, (Func<byte[]>, string, string)>
    {
        ["no zip"] = (() => "no zip at all"u8.ToArray(), ErrorCodes.BadPackage, "package/no-zip"),
        ["no manifest"] = (() => Without("module.json"), ErrorCodes.BadPackage, "package/bad-manifest"),
        ["no signature entry"] = (() => Without("signature.json"), ErrorCodes.BadPackage, "package/bad-signature"),
        ["wrong manifest"] = (() => Forge.Counter(manifest => manifest with { Name = "Counter", EntryType = "" }), ErrorCodes.BadPackage, "package/bad-manifest"),
        ["wrong digest of an entry"] = (() => With("lib/Counter.pdb", [1, 2, 3]), ErrorCodes.BadPackage, "package/wrong-digest"),
        ["path that escapes"] = (() => With("../../evil.dll", [1]), ErrorCodes.BadPackage, "package/path-escapes"),
        ["bomb"] = (() => With("lib/Bomb.dll", new byte[32 << 20]), ErrorCodes.BadPackage, "package/bomb"),
        ["upload cut off"] = (() => Good[..(Good.Length / 2)], ErrorCodes.UploadIncomplete, "package/cut-off"),
        ["SDK contract of the future"] = (() => Forge.Counter(manifest => manifest with { Sdk = new ContractRange(99, 100) }), ErrorCodes.BadPackage, "package/sdk-contract"),
        ["operation of another module"] = (() => Forge.Counter(manifest => manifest with { Operations = [manifest.Operations[0] with { Name = "wallet.credit" }] }), ErrorCodes.BadPackage, "package/foreign-operation"),
        ["one operation twice"] = (() => Forge.Counter(manifest => manifest with { Operations = [manifest.Operations[0], manifest.Operations[0]] }), ErrorCodes.BadPackage, "package/bad-manifest"),
        ["published version with other bytes"] = (() => Forge.Counter(manifest => manifest with { Uses = ["counter.total"] }), ErrorCodes.VersionPublished, "package/version-published"),
        ["sample that is none"] = (() => Forge.Sampled(Good, ("odd", "{}")), ErrorCodes.BadPackage, "sample/unreadable"),
    };

    public static readonly IReadOnlyDictionary<string, (Func<byte[]> Package, string Finding)> AtPrepare = new Dictionary<string, (Func<byte[]>, string)>
    {
        ["throws in Configure"] = (() => Forge.Module("Bad.Configure", "Bad.Configure.ThrowingModule", Later), "module/configure-throws"),
        ["throws in its constructor"] = (() => Forge.Module("Bad.Constructor", "Bad.Constructor.ThrowingModule", Later), "module/constructor-throws"),
        ["claims the kind of another"] = (() => Forge.Counter(manifest => Named(manifest, "twin")), "release/kind-owned-twice"),
        ["lacks its data set"] = (() => Forge.Counter(manifest => manifest with { Version = "1.0.9", DataSets = [new NamedSchema("nowhere", null)] }), "release/data-missing"),
        ["is not what its manifest says"] = (() => Forge.Counter(manifest => manifest with { Version = "1.0.9", Events = [] }), "module/manifest-disagrees"),
        ["fails its sample"] = (() => Forge.Sampled(Forge.Counter(manifest => manifest with { Version = "1.0.9" }), ("wrong", """{ "kind": "counter", "operation": "counter.total", "expect": { "result": { "count": 7 } } }""")), "sample/different"),
    };

    public static TheoryData<string> Uploads => [.. AtUpload.Keys];
    public static TheoryData<string> Prepares => [.. AtPrepare.Keys];

    [Theory, MemberData(nameof(Uploads))]
    public async Task A_bad_upload_is_refused_and_nothing_else_happens(string what)
    {
        var (package, error, code) = AtUpload[what];
        await using var silo = await Serving();
        var (table, stored) = (silo.Runtime.Table, await silo.Store.List(default));

        var refused = await Assert.ThrowsAsync<FindingsException>(() => silo.Publish(package()));

        Assert.Equal(error, refused.Code);
        Assert.NotEmpty(refused.Next);
        Assert.Contains(refused.Findings, finding => finding.Code == code);
        Assert.All(refused.Findings, Says);
        Assert.Equal(stored.Select(one => one.Ref), (await silo.Store.List(default)).Select(one => one.Ref));
        await StillWell(silo, table);
    }

    [Theory, MemberData(nameof(Prepares))]
    public async Task A_bad_module_is_refused_and_the_running_version_is_untouched(string what)
    {
        var (package, code) = AtPrepare[what];
        await using var silo = await Serving();
        var table = silo.Runtime.Table;
        var bad = await silo.Publish(package());

        var findings = await silo.Refused(bad, [.. table.Slots.Select(slot => slot.Package).Where(served => served.Name != bad.Name)]);

        Assert.Contains(findings, finding => finding.Code == code);
        Assert.All(findings, Says);
        await StillWell(silo, table);
    }

    static async Task<Silo> Serving()
    {
        var silo = new Silo();
        var (balance, counter) = (await silo.Publish(Fixtures.Package("counter-balance", "1.0.0")), await silo.Publish(Good));
        await silo.Ready(balance, counter);
        await silo.Ready(counter, balance);
        silo.Runtime.Activate(1, [counter, balance]);
        return silo;
    }

    static async Task StillWell(Silo silo, Slots.ModuleTable table)
    {
        Assert.Same(table, silo.Runtime.Table);
        Assert.All(table.Slots, slot => Assert.Equal(SlotState.Serving, slot.State));
        var balance = table.Slots.Single(slot => slot.Id.Name == "counter-balance").Package;
        var next = await silo.Publish(Fixtures.Package("counter", "2.0.0"));
        await silo.Ready(next, balance);
        silo.Runtime.Activate(2, [next, balance]);
        Assert.Equal("2.0.0", silo.Runtime.Table.Kind("counter")!.Slices[0].Slot.Id.Version);
    }

    static void Says(Finding finding)
    {
        Assert.NotEmpty(finding.Where);
        Assert.NotEmpty(finding.Message);
        Assert.NotEmpty(finding.Next);
    }

    static ModuleManifest Later(ModuleManifest manifest) => manifest with { Version = "1.0.9" };

    static ModuleManifest Named(ModuleManifest manifest, string name) => manifest with
    {
        Name = name,
        Operations = [.. manifest.Operations.Select(operation => operation with { Name = $"{name}.{operation.Name.Split('.')[1]}" })],
    };

    static byte[] Without(string entry)
    {
        var entries = Forge.Open(Good).Entries.ToDictionary();
        entries.Remove(entry);
        return PackageWriter.Zip(entries);
    }

    static byte[] With(string entry, byte[] content) => PackageWriter.Zip(new Dictionary<string, byte[]>(Forge.Open(Good).Entries) { [entry] = content });
}
