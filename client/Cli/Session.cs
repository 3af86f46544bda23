using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Evergrain.Cli.Ops;
using Evergrain.Cli.Screens;
using Spectre.Console.Rendering;

namespace Evergrain.Cli;

/// <summary>What one run of a command works with: the ops door, its patience, and the form of its output.</summary>
internal sealed class Session(Uri server, bool json, TimeSpan? timeout, TimeProvider time, CancellationToken interruption) : IDisposable
{
    OpsClient? _ops;

    public bool Json { get; } = json;
    public TimeProvider Time { get; } = time;
    public CancellationToken Interruption { get; } = interruption;

    /// <summary>Opened by the first who asks; a command that works on this machine alone never does.</summary>
    public OpsClient Ops => _ops ??= new OpsClient(server);

    /// <param name="fallback">Holds where the line gives no <c>--timeout</c>; 30 seconds unless told.</param>
    public Patience Patience(TimeSpan? fallback = null) =>
        new(timeout ?? fallback ?? CommonOptions.DefaultTimeout, Time, Interruption);

    /// <summary>Prints the message itself as one JSON document, or the screen that is made of it.</summary>
    public void Print<T>(T message, JsonTypeInfo<T> type, Func<T, IRenderable> screen)
    {
        if (Json) Console.Out.WriteLine(JsonSerializer.Serialize(message, type));
        else Terminal.Print(screen(message));
    }

    public void Dispose() => _ops?.Dispose();
}
