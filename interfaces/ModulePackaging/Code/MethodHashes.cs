using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Evergrain.ModulePackaging;

/// <summary>Full method name to a hash of its IL, tokens resolved to names: equal where the code does the same, though the assembly
/// around it was built anew. What the compiler makes of lambdas, iterators and async methods counts to the method that they stand in;
/// generated code and what records bring along is left out.</summary>
public static partial class MethodHashes
{
    public static SortedDictionary<string, string> Of(IEnumerable<byte[]> assemblies)
    {
        var bodies = new SortedDictionary<string, StringBuilder>(StringComparer.Ordinal);
        foreach (var assembly in assemblies) Read(assembly, bodies);
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (method, text) in bodies) hashes.Add(method, Hash(text.ToString()));
        return hashes;
    }

    static void Read(byte[] assembly, SortedDictionary<string, StringBuilder> bodies)
    {
        using var image = new PEReader(new MemoryStream(assembly, writable: false));
        var reader = image.GetMetadataReader();
        var names = new MetadataNames(reader);
        foreach (var typeHandle in reader.TypeDefinitions)
        {
            var type = reader.GetTypeDefinition(typeHandle);
            if (IsGeneratedCode(reader, type)) continue;
            foreach (var methodHandle in type.GetMethods())
            {
                var method = reader.GetMethodDefinition(methodHandle);
                var name = reader.GetString(method.Name);
                if (method.RelativeVirtualAddress == 0 || name == "<Clone>$" || (!name.Contains('<') && IsGenerated(reader, method.GetCustomAttributes(), "CompilerGeneratedAttribute"))) continue;
                var logical = LogicalName(names.Type(typeHandle), name);
                if (logical is null) continue;
                if (!bodies.TryGetValue(logical, out var text)) bodies.Add(logical, text = new StringBuilder());
                Append(text, image.GetMethodBody(method.RelativeVirtualAddress), names);
            }
        }
    }

    // <Cast>d__5.MoveNext and <>c.<Cast>b__5_0 are code of Cast.
    static string? LogicalName(string type, string method)
    {
        var outer = type.IndexOf("+<", StringComparison.Ordinal);
        var source = SourceMethod().Match(method) is { Success: true } inMethod ? inMethod.Groups[1].Value
            : outer >= 0 && SourceMethod().Match(type[(outer + 1)..]) is { Success: true } inType ? inType.Groups[1].Value
            : method;
        if (outer >= 0) type = type[..outer];
        return type.StartsWith('<') || (outer >= 0 && source is ".ctor" or ".cctor" && method == source) ? null : $"{type.Replace('+', '.')}.{source.TrimStart('.')}";
    }

    static void Append(StringBuilder text, MethodBodyBlock body, MetadataNames names)
    {
        var il = new IlReader(body.GetILReader());
        while (il.Read())
        {
            text.Append(il.Code.Name).Append(' ');
            if (il.Token != 0) text.Append(Ordinals().Replace(names.Token(il.Token), "__"));
            else text.Append(il.Operand);
            text.Append('\n');
        }
        foreach (var region in body.ExceptionRegions) text.Append(region.Kind).Append(region.TryOffset).Append('-').Append(region.HandlerOffset).Append('\n');
    }

    static bool IsGeneratedCode(MetadataReader reader, TypeDefinition type) =>
        IsGenerated(reader, type.GetCustomAttributes(), "GeneratedCodeAttribute")
        || (type.GetDeclaringType() is { IsNil: false } outer && IsGeneratedCode(reader, reader.GetTypeDefinition(outer)));

    static bool IsGenerated(MetadataReader reader, CustomAttributeHandleCollection attributes, string name)
    {
        foreach (var handle in attributes)
            if (reader.GetCustomAttribute(handle).Constructor is { Kind: HandleKind.MemberReference } constructor
                && reader.GetMemberReference((MemberReferenceHandle)constructor).Parent is { Kind: HandleKind.TypeReference } parent
                && reader.StringComparer.Equals(reader.GetTypeReference((TypeReferenceHandle)parent).Name, name)) return true;
        return false;
    }

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

    [GeneratedRegex("<([^<>]+)>")]
    private static partial Regex SourceMethod();

    // The compiler numbers what it makes; a number that moved is no change.
    [GeneratedRegex("__[0-9]+(_[0-9]+)?")]
    private static partial Regex Ordinals();
}
