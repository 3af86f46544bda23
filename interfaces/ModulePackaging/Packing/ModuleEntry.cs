using System.Reflection;
using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.ModulePackaging;

/// <summary>Finds a module's entry type and runs its configuration. Whatever the author's code throws leaves here as findings in text:
/// an exception object would keep the code alive that threw it.</summary>
public static class ModuleEntry
{
    const string Mend = "Mend the module and build the package again.";

    /// <exception cref="FindingsException">There is not exactly one module type.</exception>
    public static Type Find(Assembly assembly)
    {
        Type[] types;
        try
        {
            types = assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException wrong)
        {
            throw ModulePacker.Wrong("module/cannot-load", assembly.GetName().Name!, string.Join(' ', wrong.LoaderExceptions.Select(inner => inner?.Message).Distinct()), Mend);
        }
        var modules = types.Where(type => type.IsSubclassOf(typeof(GameModule)) && !type.IsAbstract).ToArray();
        return modules.Length == 1 ? modules[0]
            : throw ModulePacker.Wrong("module/no-entry", assembly.GetName().Name!,
                $"{assembly.GetName().Name} has {modules.Length} types derived from GameModule; it needs exactly one.", Mend);
    }

    /// <exception cref="FindingsException">The constructor or Configure threw, or what it declared is wrong.</exception>
    public static ModuleDefinition Configure(Type entry, string name, string version)
    {
        var builder = new ModuleBuilder(name, version);
        Run(entry, "constructor", () => Create(entry), out var module);
        Run(entry, "Configure", () =>
        {
            module!.Configure(builder);
            return module;
        }, out _);
        return builder.Build();
    }

    static GameModule Create(Type entry)
    {
        var constructor = entry.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [])
            ?? throw ModulePacker.Wrong("module/no-constructor", entry.FullName!, $"{entry.FullName} has no constructor without parameters.", Mend);
        return (GameModule)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, null, null);
    }

    static void Run(Type entry, string step, Func<GameModule> run, out GameModule? module)
    {
        try
        {
            module = run();
        }
        catch (Exception thrown) when (thrown is not FindingsException)
        {
            throw ModulePacker.Wrong($"module/{step.ToLowerInvariant()}-throws", $"{entry.FullName}.{step}",
                $"The {(step == "Configure" ? "Configure method" : "constructor")} of {entry.FullName} threw {Text(thrown)}", Mend);
        }
    }

    /// <summary>An exception of the module's code in words, so that the exception itself need not be kept.</summary>
    // Message, ToString and the inner exception may be overridden by the module, so they can throw as well.
    public static string Text(Exception thrown)
    {
        var inner = thrown is TypeInitializationException { InnerException: { } cause } ? cause : thrown;
        try
        {
            return $"{inner.GetType().FullName}: {inner.Message}";
        }
        catch (Exception)
        {
            return $"{inner.GetType().FullName}, whose message cannot be read.";
        }
    }
}
