using System.Runtime.InteropServices;
using System.Text.Json;
using Evergrain.ModuleSdk;

namespace Bad.Code;

public sealed class CodeModule : GameModule
{
    public override void Configure(ModuleBuilder module) { }
}

/// <summary>One offence a method: the scan names each.</summary>
public static class Offences
{
    public static void StartsTimer() => new Timer(_ => { }).Change(1, 1);
    public static void StartsPeriodicTimer() => new PeriodicTimer(TimeSpan.FromSeconds(1)).Dispose();
    public static void RunsTask() => Task.Run(() => { });
    public static Task Delays() => Task.Delay(1);
    public static void UsesFactory() => Task.Factory.StartNew(() => { });
    public static void StartsThread() => new Thread(() => { }).Start();
    public static void UsesPool() => ThreadPool.QueueUserWorkItem(_ => { });
    public static async Task Escapes() => await Task.CompletedTask.ConfigureAwait(false);
    public static string SerializesByReflection() => JsonSerializer.Serialize(new Dictionary<string, int>());
    public static object? Describes() => System.ComponentModel.TypeDescriptor.GetConverter(typeof(int));
    public static object Binds(dynamic value) => value.Length;
    public static void Subscribes() => AppDomain.CurrentDomain.ProcessExit += (_, _) => { };
    public static void WatchesConsole() => Console.CancelKeyPress += (_, _) => { };
    public static void ReadsFile() => File.ReadAllText("secrets");
    public static void OpensSocket() => new System.Net.Sockets.TcpClient().Dispose();
    public static void StartsProcess() => System.Diagnostics.Process.Start("true");
    public static DateTime ReadsClock() => DateTime.UtcNow;
    public static int DrawsShared() => Random.Shared.Next();
    public static int DrawsUnseeded() => new Random().Next();
    public static int DrawsSeeded() => new Random(7).Next();
    public static void Waits() => Task.CompletedTask.Wait();

    public static Task GoesOn() => Task.CompletedTask.ContinueWith(_ => { });
    public static int Spreads() => new[] { 1, 2 }.AsParallel().Sum();
    public static async void Forgets() => await Task.Yield();
    public static Action ForgetsInALambda() => static async () => await Task.Yield();

    [DllImport("libc")]
    public static extern int getpid();
}

public static class Statics
{
    public const int Constant = 1;
    public static readonly int Number = 2;
    public static readonly Frozen Fine = new(3);
    public static int Counter;
    public static readonly List<int> Listed = [];
    public static readonly int[] Elements = [1];
    public static readonly Open Holder = new();
    public static int Automatic { get; set; }
    public static event Action? Happened;
    [ThreadStatic] static int perThread;
    static readonly AsyncLocal<int> Ambient = new();

    public static int Use()
    {
        Happened?.Invoke();
        return perThread++ + Ambient.Value + new[] { 1, 2 }.Select(number => number + 1).Sum();
    }
}

public sealed record Frozen(int Value);

public sealed class Open
{
    public int Value { get; set; }
}
