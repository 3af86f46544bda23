using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Evergrain.Core.Entities;
using Evergrain.Embedded;
using Evergrain.Runtime;

namespace Evergrain.Simulator.Planted.Tests;

/// <summary>What ships has no planted bug: neither the switch nor the constant that it stands behind.</summary>
public class ShippedCode
{
    static readonly Assembly[] shipped = [typeof(ModuleRuntime).Assembly, typeof(EntitySilo).Assembly, typeof(EmbeddedCluster).Assembly];

    [Fact]
    public void Shipped_assemblies_have_no_name_and_no_text_of_a_planted_bug()
    {
        foreach (var assembly in shipped)
        {
            var words = Words(assembly.Location).ToList();
            Assert.Contains(words, word => word == assembly.GetName().Name);
            Assert.DoesNotContain(words, word => word.Contains("Planted", StringComparison.OrdinalIgnoreCase));
            Assert.Empty(words.Intersect(Catalogue.Bugs.Select(bug => bug.Name)));
        }
    }

    [Fact]
    public void The_assembly_with_the_planted_bugs_has_them()
    {
        var words = Words(Catalogue.PlantedAssembly).ToHashSet();
        foreach (var bug in Catalogue.Bugs) Assert.Contains(bug.Name, words);
    }

    [Fact]
    public void Only_the_project_of_the_planted_bugs_defines_their_constant()
    {
        string[] patterns = ["*.csproj", "*.props", "*.targets", "*.rsp"];
        var defining = patterns.SelectMany(pattern => Directory.EnumerateFiles(Catalogue.Root, pattern, SearchOption.AllDirectories))
            .Where(path => !Path.GetRelativePath(Catalogue.Root, path).StartsWith("artifacts", StringComparison.Ordinal) && File.ReadAllText(path).Contains("PLANTED_BUGS", StringComparison.Ordinal))
            .Select(Path.GetFileName);
        Assert.Equal(["Evergrain.Simulator.Planted.csproj"], defining);
    }

    [Fact]
    public void Sources_of_production_code_know_nothing_of_it()
    {
        string[] folders = ["interfaces", "grains", "silo", "client"];
        var knowing = folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Catalogue.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(path => File.ReadAllText(path).Contains("PLANTED", StringComparison.Ordinal));
        Assert.Empty(knowing);
    }

    // Every name and every text that the code holds.
    static IEnumerable<string> Words(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        List<string> words = [metadata.GetString(metadata.GetAssemblyDefinition().Name)];
        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            words.Add(metadata.GetString(type.Name));
            words.Add(metadata.GetString(type.Namespace));
            words.AddRange(type.GetMethods().Select(method => metadata.GetString(metadata.GetMethodDefinition(method).Name)));
            words.AddRange(type.GetFields().Select(field => metadata.GetString(metadata.GetFieldDefinition(field).Name)));
        }
        words.AddRange(metadata.MemberReferences.Select(member => metadata.GetString(metadata.GetMemberReference(member).Name)));
        words.AddRange(metadata.TypeReferences.Select(type => metadata.GetString(metadata.GetTypeReference(type).Name)));
        for (var text = MetadataTokens.UserStringHandle(1); !text.IsNil; text = metadata.GetNextHandle(text)) words.Add(metadata.GetUserString(text));
        return words;
    }
}
