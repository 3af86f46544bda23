using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Metadata;
using Evergrain.ModulePackaging;

namespace Evergrain.Runtime.Verification;

/// <summary>A module keeps no state beside its slices: a static field must be a constant, or read-only and of a type that cannot change.
/// What the compiler and the source generators make for themselves (caches of lambdas, JSON contexts) is left alone.</summary>
internal static class StaticFields
{
    const string Next = "Keep state in the entity's slice; for tables use const, ImmutableArray, FrozenDictionary or a method.";

    static readonly FrozenSet<string> MutableCollections = new[]
    {
        "System.Collections.Generic.List`1", "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.HashSet`1", "System.Collections.Generic.Queue`1",
        "System.Collections.Generic.Stack`1", "System.Collections.Generic.SortedDictionary`2", "System.Collections.Generic.SortedList`2", "System.Collections.Generic.SortedSet`1",
        "System.Collections.Generic.LinkedList`1", "System.Collections.Generic.PriorityQueue`2", "System.Collections.Concurrent.ConcurrentDictionary`2", "System.Collections.Concurrent.ConcurrentBag`1",
        "System.Collections.Concurrent.ConcurrentQueue`1", "System.Collections.Concurrent.ConcurrentStack`1", "System.Collections.ObjectModel.Collection`1",
        "System.Collections.Generic.IList`1", "System.Collections.Generic.IDictionary`2", "System.Collections.Generic.ISet`1", "System.Collections.Generic.ICollection`1",
        "System.Collections.ArrayList", "System.Collections.Hashtable", "System.Text.StringBuilder", "System.Runtime.CompilerServices.ConditionalWeakTable`2",
        "System.Random", "System.IO.MemoryStream", "System.Runtime.CompilerServices.StrongBox`1",
    }.ToFrozenSet();

    public static void Check(MetadataReader reader, MetadataNames names, TypeDefinitionHandle handle, Action<string, string, string, string> add)
    {
        if (IsGenerated(reader, handle)) return;
        var type = reader.GetTypeDefinition(handle);
        foreach (var fieldHandle in type.GetFields())
        {
            var field = reader.GetFieldDefinition(fieldHandle);
            if ((field.Attributes & FieldAttributes.Static) == 0 || (field.Attributes & FieldAttributes.Literal) != 0) continue;
            if (Has(reader, field.GetCustomAttributes(), "GeneratedCodeAttribute")) continue;
            var name = reader.GetString(field.Name);
            var where = $"{names.Type(handle)}.{name.TrimStart('<').Split('>')[0]}";
            if (Has(reader, field.GetCustomAttributes(), "ThreadStaticAttribute")) add("ambient", where, $"The field {where} keeps state in the thread.", Next);
            else if (IsMutable(reader, names, field, out var why)) add("static-mutable", where, $"The static field {where} {why}.", Next);
        }
    }

    static bool IsMutable(MetadataReader reader, MetadataNames names, FieldDefinition field, out string why)
    {
        var fieldType = names.FieldType(field);
        var generic = fieldType.IndexOf('<', 1) is > 0 and var at ? fieldType[..at] : fieldType;
        why = (field.Attributes & FieldAttributes.InitOnly) == 0 ? IsEvent(reader, field) ? "is an event, which collects subscribers" : "can change: it is not read-only"
            : fieldType.EndsWith(']') ? "is an array, whose elements can change"
            : MutableCollections.Contains(generic) ? $"is a {generic}, which can change"
            : HasWritableFields(reader, names, generic) ? $"is a {generic}, which has fields that can change"
            : "";
        return why.Length > 0;
    }

    static bool IsEvent(MetadataReader reader, FieldDefinition field) =>
        reader.GetTypeDefinition(field.GetDeclaringType()).GetEvents().Any(handle => reader.GetEventDefinition(handle).Name == field.Name);

    // A class of the module's own that can be written to. Types of the framework that are not listed count as immutable.
    static bool HasWritableFields(MetadataReader reader, MetadataNames names, string typeName)
    {
        foreach (var handle in reader.TypeDefinitions)
        {
            if (names.Type(handle) != typeName) continue;
            if (IsGenerated(reader, handle)) return false;
            return reader.GetTypeDefinition(handle).GetFields().Select(reader.GetFieldDefinition)
                .Any(field => (field.Attributes & (FieldAttributes.Static | FieldAttributes.InitOnly)) == 0 && !IsEnumOrStruct(reader, handle));
        }
        return false;
    }

    // A read-only field of a value type cannot be written through.
    static bool IsEnumOrStruct(MetadataReader reader, TypeDefinitionHandle handle) =>
        reader.GetTypeDefinition(handle).BaseType is { Kind: HandleKind.TypeReference } parent
        && reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name) is "ValueType" or "Enum";

    static bool IsGenerated(MetadataReader reader, TypeDefinitionHandle handle)
    {
        for (; !handle.IsNil; handle = reader.GetTypeDefinition(handle).GetDeclaringType())
        {
            var type = reader.GetTypeDefinition(handle);
            if (reader.GetString(type.Name).StartsWith('<') || Has(reader, type.GetCustomAttributes(), "CompilerGeneratedAttribute") || Has(reader, type.GetCustomAttributes(), "GeneratedCodeAttribute")) return true;
        }
        return false;
    }

    static bool Has(MetadataReader reader, CustomAttributeHandleCollection attributes, string name)
    {
        foreach (var handle in attributes)
            if (reader.GetCustomAttribute(handle).Constructor is { Kind: HandleKind.MemberReference } constructor
                && reader.GetMemberReference((MemberReferenceHandle)constructor).Parent is { Kind: HandleKind.TypeReference } parent
                && reader.StringComparer.Equals(reader.GetTypeReference((TypeReferenceHandle)parent).Name, name)) return true;
        return false;
    }
}
