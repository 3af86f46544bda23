using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Evergrain.Contracts;
using Evergrain.ModulePackaging;

namespace Evergrain.Runtime.Verification;

/// <summary>Reads a module's metadata and IL against <see cref="CodeRules"/>, without loading anything.</summary>
internal static class CodeScan
{
    // Enough to mend a module by; a library of a thousand offences is one offence.
    const int MaxFindings = 100;

    public static IReadOnlyList<Finding> Scan(IReadOnlyDictionary<string, AssemblyImage> assemblies, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        foreach (var (name, image) in assemblies)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                using var portable = new PEReader(new MemoryStream(image.Dll, writable: false));
                if (!portable.HasMetadata) throw new BadImageFormatException("It is no .NET assembly.");
                new AssemblyScan(name, portable, assemblies.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase), findings, cancellation).Run();
            }
            catch (BadImageFormatException wrong)
            {
                findings.Add(new Finding("code/bad-image", $"lib/{name}.dll", $"The assembly cannot be read: {wrong.Message}", "Build the module again."));
            }
        }
        return [.. findings.Distinct().Take(MaxFindings)];
    }
}

/// <summary>One assembly of a package.</summary>
internal sealed class AssemblyScan(string assembly, PEReader image, HashSet<string> own, List<Finding> findings, CancellationToken cancellation)
{
    readonly MetadataReader reader = image.GetMetadataReader();
    readonly HashSet<string> namedInBodies = [];
    readonly Dictionary<EntityHandle, Verdict> verdicts = [];

    readonly record struct Verdict(string What, string Type, CodeRules.Refusal? Refusal);

    public void Run()
    {
        var names = new MetadataNames(reader);
        if (reader.GetAssemblyDefinition().GetAssemblyName().Name != assembly)
            Add("bad-image", $"lib/{assembly}.dll", $"The file holds the assembly {reader.GetAssemblyDefinition().GetAssemblyName().Name}.", "Name the file as the assembly.");
        CheckNative();
        var isAuthors = reader.AssemblyReferences.Any(handle => ModuleLoadContext.IsShared(reader.GetString(reader.GetAssemblyReference(handle).Name)));
        foreach (var handle in reader.TypeDefinitions)
        {
            cancellation.ThrowIfCancellationRequested();
            var type = reader.GetTypeDefinition(handle);
            if (isAuthors) StaticFields.Check(reader, names, handle, Add);
            foreach (var method in type.GetMethods()) Scan(reader.GetMethodDefinition(method), names);
        }
        CheckTypes(names);
    }

    void Scan(MethodDefinition method, MetadataNames names)
    {
        var where = $"{names.Type(method.GetDeclaringType())}.{reader.GetString(method.Name)}";
        if ((method.Attributes & MethodAttributes.PinvokeImpl) != 0 || !method.GetImport().Module.IsNil)
            Add("native", where, $"{where} calls native code.", "Do without native code.");
        if (method.RelativeVirtualAddress == 0) return;
        var il = new IlReader(image.GetMethodBody(method.RelativeVirtualAddress).GetILReader());
        while (il.Read())
            if (il.Token != 0 && il.Token >>> 24 != 0x70) Check(where, System.Reflection.Metadata.Ecma335.MetadataTokens.EntityHandle(il.Token), names);
    }

    // A token is judged once; a method that uses it ten times says so once.
    void Check(string where, EntityHandle handle, MetadataNames names)
    {
        if (!verdicts.TryGetValue(handle, out var verdict)) verdicts.Add(handle, verdict = Judge(handle, names));
        if (verdict.Refusal is not null) Report(where, verdict);
    }

    Verdict Judge(EntityHandle handle, MetadataNames names)
    {
        switch (handle.Kind)
        {
            case HandleKind.MethodSpecification:
                return Judge(reader.GetMethodSpecification((MethodSpecificationHandle)handle).Method, names);
            case HandleKind.MemberReference:
                var member = reader.GetMemberReference((MemberReferenceHandle)handle);
                if (IsOwn(member.Parent)) return default;
                var (type, name) = (names.DeclaringType(member), reader.GetString(member.Name));
                IReadOnlyList<string> parameters = member.GetKind() == MemberReferenceKind.Method ? names.Signature(member).ParameterTypes : [];
                return new Verdict($"{type}.{name}", type, CodeRules.OfType(type) ?? CodeRules.OfMember(type, name, parameters));
            case HandleKind.TypeReference when !IsOwn(handle):
                return new Verdict(names.Type(handle), names.Type(handle), CodeRules.OfType(names.Type(handle)));
            default:
                return default;
        }
    }

    // What no instruction names, such as a base type, an attribute or a field's type, is judged once for the assembly.
    void CheckTypes(MetadataNames names)
    {
        foreach (var handle in reader.TypeReferences)
        {
            var verdict = Judge(handle, names);
            if (verdict.Refusal is not null && !namedInBodies.Contains(verdict.Type)) Report($"lib/{assembly}.dll", verdict);
        }
    }

    void Report(string where, Verdict verdict)
    {
        namedInBodies.Add(verdict.Type);
        Add(verdict.Refusal!.Code, where, $"{where} uses {verdict.What}, which {verdict.Refusal.Why}.", verdict.Refusal.Next);
    }

    bool IsOwn(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeDefinition or HandleKind.MethodDefinition => true,
        HandleKind.TypeReference => IsOwn(reader.GetTypeReference((TypeReferenceHandle)handle).ResolutionScope),
        HandleKind.AssemblyReference => own.Contains(reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)handle).Name)),
        HandleKind.TypeSpecification => IsOwnGeneric((TypeSpecificationHandle)handle),
        _ => false,
    };

    // The generic type of an instantiation decides, whatever its arguments are; an array or a pointer is judged by its parts elsewhere.
    bool IsOwnGeneric(TypeSpecificationHandle handle)
    {
        var signature = reader.GetBlobReader(reader.GetTypeSpecification(handle).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance) return true;
        signature.ReadCompressedInteger();
        return IsOwn(signature.ReadTypeHandle());
    }

    void CheckNative()
    {
        var flags = image.PEHeaders.CorHeader!.Flags;
        if ((flags & CorFlags.ILOnly) == 0) Add("native", $"lib/{assembly}.dll", "The assembly is not IL only.", "Build it as ordinary managed code, without ReadyToRun.");
    }

    void Add(string code, string where, string message, string next) => findings.Add(new Finding($"code/{code}", where, message, next));
}
