using System.Reflection;
using System.Runtime.CompilerServices;
using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Runtime.Loading;

/// <summary>Compiles every handler before the module serves, so that no player waits for the compiler.</summary>
internal static class HandlerCompiler
{
    public static IReadOnlyList<Finding> Compile(ModuleDefinition definition)
    {
        var findings = new List<Finding>();
        foreach (var handler in definition.Slices.SelectMany(slice => slice.Handlers)) Compile(handler.Method, findings);
        return findings;
    }

    static void Compile(MethodInfo method, List<Finding> findings)
    {
        try
        {
            Prepare(method);
            if (method.GetCustomAttribute<AsyncStateMachineAttribute>()?.StateMachineType is { ContainsGenericParameters: false } machine
                && machine.GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic) is { } moveNext)
                Prepare(moveNext);
        }
        catch (Exception wrong)
        {
            // Text only: what the compiler throws names types of the module, and some of it runs the module's static constructors.
            findings.Add(new Finding("module/cannot-compile", $"{method.DeclaringType?.FullName}.{method.Name}",
                $"The method {method.DeclaringType?.FullName}.{method.Name} cannot be compiled. {wrong.GetType().FullName}: {wrong.Message}",
                "Build the module against this host's SDK and pack it again."));
        }
    }

    static void Prepare(MethodInfo method)
    {
        var arguments = (method.DeclaringType?.GetGenericArguments() ?? []).Concat(method.IsGenericMethod ? method.GetGenericArguments() : []).Select(type => type.TypeHandle).ToArray();
        if (arguments.Length == 0) RuntimeHelpers.PrepareMethod(method.MethodHandle);
        else RuntimeHelpers.PrepareMethod(method.MethodHandle, arguments);
    }
}
