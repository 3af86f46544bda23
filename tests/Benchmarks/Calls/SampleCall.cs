namespace Evergrain.Benchmarks.Calls;

/// <summary>An operation of the benchmark module with its arguments.</summary>
internal sealed record SampleCall(string Operation, ReadOnlyMemory<byte> Arguments)
{
    public const string Kind = "echo";
    public static readonly SampleCall Echo = new("bench.echo", Enumerable.Range(0, 64).Select(i => (byte)i).ToArray());
    public static readonly SampleCall Cast = new("bench.cast", """{"skill":"fireball","target":"bob","power":21}"""u8.ToArray());
}
