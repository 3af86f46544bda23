using System.Collections.Concurrent;

namespace Evergrain.Core.Tests.Entities.Lab;

/// <summary>What handlers wait for until the test opens it. Named by the test, since a handler holds nothing itself.</summary>
internal static class Doors
{
    static readonly ConcurrentDictionary<string, TaskCompletionSource> All = new();
    static readonly ConcurrentDictionary<string, int> Passed = new();

    public static Task At(string name) => All.GetOrAdd(name, _ => new TaskCompletionSource()).Task;
    public static void Open(string name) => All.GetOrAdd(name, _ => new TaskCompletionSource()).TrySetResult();
    public static void Pass(string name) => Passed.AddOrUpdate(name, 1, (_, times) => times + 1);
    public static int TimesPassed(string name) => Passed.GetValueOrDefault(name);
}
