using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Evergrain.Runtime.Retirement;

/// <summary>Finds what keeps an unloaded version in memory: the paths from static fields of the process to the first object that belongs
/// to it. Bounded in objects and time; assemblies of the framework come last. Reads only.</summary>
public static class HolderSearch
{
    /// <param name="remains">What <see cref="ILoadedModule.Unload"/> answered.</param>
    /// <returns>Paths, <c>Type.Field → field → …</c>; empty when no static field leads there within the bounds.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IReadOnlyList<string> Find(WeakReference remains, HolderSearchOptions options, TimeProvider time)
    {
        if (remains.Target is not AssemblyLoadContext dying) return [];
        var walk = new ObjectWalk(dying, options, time);
        foreach (var isFramework in new[] { false, true })
        {
            foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
                if (IsFramework(assembly) == isFramework && AssemblyLoadContext.GetLoadContext(assembly) != dying) AddRoots(assembly, walk);
            walk.Run();
            if (walk.Found.Count > 0 || walk.IsOver) break;
        }
        return walk.Found;
    }

    static bool IsFramework(Assembly assembly) =>
        assembly.GetName().Name is { } name && (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal) || name is "System" or "mscorlib" or "netstandard");

    static void AddRoots(Assembly assembly, ObjectWalk walk)
    {
        foreach (var type in Types(assembly))
        {
            if (type.ContainsGenericParameters) continue;
            foreach (var field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (walk.IsOver) return;
                if (field.IsLiteral || !ObjectWalk.CanHold(field.FieldType)) continue;
                if (Read(field) is { } value) walk.AddRoot($"{type.FullName}.{ObjectWalk.Name(field)}", value);
            }
        }
    }

    static IEnumerable<Type> Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException some)
        {
            return some.Types.OfType<Type>();
        }
    }

    // Reading may run a static constructor that fails, and some fields cannot be read by reflection: neither holds anything, then.
    static object? Read(FieldInfo field)
    {
        try
        {
            return field.GetValue(null);
        }
        catch (Exception)
        {
            return null;
        }
    }
}
