using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Evergrain.ModulePackaging;

/// <summary>Full names of what a module's metadata refers to, so that two assemblies, whose tokens differ, can be compared and judged.</summary>
public sealed class MetadataNames(MetadataReader reader)
{
    readonly SignatureNames signatures = new();

    /// <summary>A type, <c>Namespace.Outer+Inner</c>, with arguments where it is constructed.</summary>
    public string Type(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeDefinition => SignatureNames.Name(reader, (TypeDefinitionHandle)handle),
        HandleKind.TypeReference => SignatureNames.Name(reader, (TypeReferenceHandle)handle),
        HandleKind.TypeSpecification => reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(signatures, null),
        _ => "",
    };

    /// <summary>The type that declares a member, without the arguments of a constructed one.</summary>
    public string DeclaringType(MemberReference member)
    {
        if (member.Parent.Kind == HandleKind.MethodDefinition)
            return Type(reader.GetMethodDefinition((MethodDefinitionHandle)member.Parent).GetDeclaringType());
        var name = Type(member.Parent);
        var arguments = name.IndexOf('<', name.StartsWith('<') ? 1 : 0);
        return member.Parent.Kind == HandleKind.TypeSpecification && arguments > 0 ? name[..arguments] : name;
    }

    public MethodSignature<string> Signature(MemberReference member) => member.DecodeMethodSignature(signatures, null);
    public MethodSignature<string> Signature(MethodDefinition method) => method.DecodeSignature(signatures, null);
    public string FieldType(FieldDefinition field) => field.DecodeSignature(signatures, null);

    /// <summary>What a token of an instruction names: stable between two builds of the same source.</summary>
    public string Token(int token)
    {
        if (token >>> 24 == 0x70) return $"\"{reader.GetUserString(MetadataTokens.UserStringHandle(token & 0xFFFFFF))}\"";
        var handle = MetadataTokens.EntityHandle(token);
        return handle.Kind switch
        {
            HandleKind.MethodDefinition => Method((MethodDefinitionHandle)handle),
            HandleKind.FieldDefinition => Field((FieldDefinitionHandle)handle),
            HandleKind.MemberReference => Member(reader.GetMemberReference((MemberReferenceHandle)handle)),
            HandleKind.MethodSpecification => Specification(reader.GetMethodSpecification((MethodSpecificationHandle)handle)),
            HandleKind.StandaloneSignature => "signature",
            _ => Type(handle),
        };
    }

    string Method(MethodDefinitionHandle handle)
    {
        var method = reader.GetMethodDefinition(handle);
        return $"{Type(method.GetDeclaringType())}::{reader.GetString(method.Name)}{Text(Signature(method))}";
    }

    string Field(FieldDefinitionHandle handle)
    {
        var field = reader.GetFieldDefinition(handle);
        return $"{Type(field.GetDeclaringType())}::{reader.GetString(field.Name)}";
    }

    string Member(MemberReference member)
    {
        var name = $"{(member.Parent.Kind == HandleKind.MethodDefinition ? DeclaringType(member) : Type(member.Parent))}::{reader.GetString(member.Name)}";
        return member.GetKind() == MemberReferenceKind.Method ? name + Text(Signature(member)) : name;
    }

    string Specification(MethodSpecification method) =>
        $"{Token(MetadataTokens.GetToken(method.Method))}<{string.Join(',', method.DecodeSignature(signatures, null))}>";

    static string Text(MethodSignature<string> signature) => $"({string.Join(',', signature.ParameterTypes)}):{signature.ReturnType}";
}

/// <summary>Type signatures as names.</summary>
internal sealed class SignatureNames : ISignatureTypeProvider<string, object?>
{
    public static string Name(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        var name = reader.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer ? $"{Name(reader, outer)}+{name}" : Join(reader.GetString(type.Namespace), name);
    }

    public static string Name(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        var name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{Name(reader, (TypeReferenceHandle)type.ResolutionScope)}+{name}" : Join(reader.GetString(type.Namespace), name);
    }

    static string Join(string space, string name) => space.Length == 0 ? name : $"{space}.{name}";

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => Name(reader, handle);
    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => Name(reader, handle);
    public string GetTypeFromSpecification(MetadataReader reader, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, context);

    public string GetPrimitiveType(PrimitiveTypeCode code) => $"System.{code}";
    public string GetSZArrayType(string element) => $"{element}[]";
    public string GetArrayType(string element, ArrayShape shape) => $"{element}[{new string(',', shape.Rank - 1)}]";
    public string GetByReferenceType(string element) => $"{element}&";
    public string GetPointerType(string element) => $"{element}*";
    public string GetPinnedType(string element) => element;
    public string GetModifiedType(string modifier, string unmodified, bool isRequired) => unmodified;
    public string GetFunctionPointerType(MethodSignature<string> signature) => "method*";
    public string GetGenericInstantiation(string generic, ImmutableArray<string> arguments) => $"{generic}<{string.Join(',', arguments)}>";
    public string GetGenericMethodParameter(object? context, int index) => $"!!{index}";
    public string GetGenericTypeParameter(object? context, int index) => $"!{index}";
}
