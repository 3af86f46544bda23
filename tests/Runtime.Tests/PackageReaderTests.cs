using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.ModulePackaging;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Tests.Support;
using ColouredTree = Evergrain.Runtime.Tests.ShapeTests.TreeWithColour;
using ShapesTree = Evergrain.Runtime.Tests.ShapeTests.Tree;

namespace Evergrain.Runtime.Tests;

public sealed class PackageReaderTests
{
    static readonly byte[] Good = Fixtures.Package("counter", "1.0.0");

    [Fact]
    public void A_good_package_opens_with_its_manifest_and_assemblies()
    {
        var contents = Forge.Open(Good);

        Assert.Equal(new ModuleId("counter", "1.0.0"), contents.Manifest.Id);
        Assert.Equal(["counter.add", "counter.later", "counter.total"], contents.Manifest.Operations.Select(operation => operation.Name));
        Assert.Equal("counter.counted", Assert.Single(contents.Manifest.Events).Name);
        Assert.Equal("counter-balance", Assert.Single(contents.Manifest.DataSets).Name);
        Assert.Equal(PackageWriter.Hash(Good), contents.Digest);
        Assert.NotNull(Assert.Single(contents.Assemblies).Value.Pdb);
    }

    [Fact]
    public void The_same_content_gives_the_same_bytes()
    {
        var contents = Forge.Open(Good);

        Assert.Equal(Good, PackageWriter.Write(contents.Manifest, Forge.Files(contents)));
    }

    [Fact]
    public void What_is_no_zip_is_said_to_be_none() => Assert.Equal("package/no-zip", Code("hello"u8.ToArray()));

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(10)]
    public void An_upload_cut_off_is_said_to_be_one(int missing) => Assert.Equal("package/cut-off", Code(Good[..^missing]));

    [Fact]
    public void No_package_at_all_is_no_zip() => Assert.Equal("package/no-zip", Code([]));

    [Fact]
    public void A_zip_without_manifest_and_signature_says_both()
    {
        var findings = Findings(Zip(("lib/Some.dll", [1])));

        Assert.Equal(["package/bad-manifest", "package/bad-signature"], findings.Select(finding => finding.Code));
    }

    [Theory]
    [InlineData("../evil.dll")]
    [InlineData("lib/../../evil.dll")]
    [InlineData("/etc/passwd")]
    [InlineData("lib\\..\\evil.dll")]
    [InlineData("C:evil.dll")]
    [InlineData("./module.json")]
    public void A_path_that_escapes_is_found(string path) =>
        Assert.Contains(Findings(Zip(("module.json", [1]), (path, [1]))), finding => finding.Code == "package/path-escapes" && finding.Where == path);

    [Fact]
    public void A_bomb_is_found_by_its_ratio_before_it_is_unpacked() =>
        Assert.Contains(Findings(Zip(("module.json", new byte[10 << 20]))), finding => finding.Code == "package/bomb");

    [Fact]
    public void Limits_of_size_and_count_are_held()
    {
        Assert.Equal("package/too-large", Code(Good, new PackageLimits { MaxPackageBytes = 100 }));
        Assert.Equal("package/too-many-entries", Code(Good, new PackageLimits { MaxEntries = 2 }));
        Assert.Contains(Findings(Good, new PackageLimits { MaxEntryBytes = 1000 }), finding => finding.Code == "package/bomb");
        Assert.Contains(Findings(Good, new PackageLimits { MaxTotalBytes = 20_000 }), finding => finding.Code == "package/bomb");
    }

    [Fact]
    public void An_entry_that_stands_twice_is_found() =>
        Assert.Contains(Findings(Zip(("module.json", [1]), ("MODULE.json", [1]), ("lib/A.dll", [1]), ("lib/a.dll", [1]))), finding => finding.Code == "package/entry-twice");

    [Fact]
    public void An_entry_without_a_place_is_found() =>
        Assert.Contains(Findings(Zip(("lib/deep/A.dll", [1]), ("run.sh", [1]))), finding => finding.Code == "package/unknown-entry" && finding.Where == "run.sh");

    [Fact]
    public void A_changed_entry_is_found_by_its_digest()
    {
        var contents = Forge.Open(Good);
        var changed = contents.Entries.ToDictionary();
        changed["lib/Counter.pdb"] = [1, 2, 3];

        var finding = Assert.Single(Findings(PackageWriter.Zip(changed)));
        Assert.Equal(("package/wrong-digest", "lib/Counter.pdb"), (finding.Code, finding.Where));
        Assert.Equal("counter@1.0.0", finding.Module);
    }

    [Fact]
    public void A_manifest_that_is_no_json_is_found() =>
        Assert.Contains(Findings(Zip(("module.json", "{ nonsense"u8.ToArray()))), finding => finding is { Code: "package/bad-manifest", Where: "module.json" });

    [Fact]
    public void Everything_wrong_with_a_manifest_is_found_at_once()
    {
        var findings = Findings(Forge.Counter(manifest => manifest with
        {
            Format = 2, Name = "Counter", Version = "1.0", Sdk = null, EntryAssembly = "Missing",
            Slices = [manifest.Slices[0] with { Schema = 0, Fingerprint = "00" }],
        }));

        Assert.Contains(findings, finding => finding.Code == "package/format");
        Assert.Contains(findings, finding => finding.Where == "name");
        Assert.Contains(findings, finding => finding.Where == "version");
        Assert.Contains(findings, finding => finding.Where == "sdk");
        Assert.Contains(findings, finding => finding.Where == "entryAssembly");
        Assert.Equal(2, findings.Count(finding => finding.Where == "counter"));
    }

    [Fact]
    public void An_operation_of_another_module_cannot_be_claimed() =>
        Assert.Contains(Findings(Forge.Counter(manifest => manifest with { Operations = [manifest.Operations[0] with { Name = "wallet.credit" }] })),
            finding => finding.Code == "package/foreign-operation");

    [Fact]
    public void A_data_set_that_is_no_json_is_found() =>
        Assert.Contains(Findings(Forge.Data("balance", "1.0.0", "{ \"step\": ")), finding => finding.Code == "package/bad-data");

    [Theory]
    [InlineData("1.0.0")]
    [InlineData("2.0.0")]
    public void A_manifest_that_is_wrong_about_its_way_back_is_found(string version)
    {
        var finding = Assert.Single(Findings(Forge.Counter(manifest => manifest with { Slices = [manifest.Slices[0] with { OneWay = true }] }, version)));
        Assert.Equal(("package/bad-manifest", "counter"), (finding.Code, finding.Where));

        var stepless = Assert.Single(Findings(Forge.Counter(manifest => manifest with { Slices = [manifest.Slices[0] with { Schema = 2, Steps = [new StepManifest(1, 2)] }] }, version)));
        Assert.Equal(("package/bad-manifest", "counter"), (stepless.Code, stepless.Where));
        Assert.Contains("has no step down", stepless.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_without_a_step_down_is_packed_as_one_way()
    {
        Assert.True(OneWay(trees => trees));
        Assert.False(OneWay(trees => trees.MigratesTo<ShapesTree>(1, now => new ShapesTree(null, [], now.Value))));

        static bool OneWay(Func<SliceBuilder<ColouredTree>, SliceBuilder<ColouredTree>> more)
        {
            var module = new ModuleBuilder("trees", "2.0.0").Json(ShapesJson.Default);
            more(module.Owns("tree", schema: 2, _ => new ColouredTree(null, [], 0, null)).MigratesFrom<ShapesTree>(1, old => new ColouredTree(null, [], old.Value, null)));
            var manifest = ManifestBuilder.Describe(module.Build(), typeof(GameModule), new Dictionary<string, string>()) with { EntryAssembly = "Counter", EntryType = "Counter.Module" };
            var contents = Forge.Open(PackageWriter.Write(manifest, new Dictionary<string, byte[]> { ["lib/Counter.dll"] = Forge.Open(Good).Entries["lib/Counter.dll"] }));
            using var written = JsonDocument.Parse(contents.Entries["module.json"]);
            return written.RootElement.GetProperty("slices")[0].TryGetProperty("oneWay", out var oneWay) && oneWay.GetBoolean();
        }
    }

    static string Code(byte[] package, PackageLimits? limits = null) => Assert.Single(Findings(package, limits)).Code;

    static IReadOnlyList<Finding> Findings(byte[] package, PackageLimits? limits = null)
    {
        var reading = PackageReader.Read(package, limits ?? new PackageLimits());
        Assert.Null(reading.Contents);
        Assert.All(reading.Findings, finding => Assert.False(string.IsNullOrEmpty(finding.Next)));
        return reading.Findings;
    }

    static byte[] Zip(params (string Path, byte[] Content)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
            foreach (var (path, content) in entries)
            {
                using var stream = archive.CreateEntry(path).Open();
                stream.Write(content);
            }
        return bytes.ToArray();
    }
}
