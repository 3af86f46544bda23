using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Evergrain.ModuleSdk;

namespace Bench;

public sealed record EchoState(int Count);
public sealed record Cast(string Skill, string Target, int Power);
public sealed record CastResult(int Damage, bool Critical, int Casts);

/// <summary>What calls cost: bytes back as they came, and a typed operation that changes the state.</summary>
internal static class Echo
{
    public static SliceBuilder<EchoState> Declare(ModuleBuilder module) => module
        .Owns("echo", schema: 1, _ => new EchoState(0))
        .RawOperation("echo", Back)
        .RawOperation("echo-directly", BackDirectly)
        .Operation<Cast, CastResult>("cast", CastSkill);

    [MethodImpl(MethodImplOptions.NoInlining)]
    static ReadOnlyMemory<byte> Back(Turn<EchoState> turn, ReadOnlyMemory<byte> arguments) => arguments;

    // Calls the handler of bench.echo directly, as often as the first eight bytes say.
    static ReadOnlyMemory<byte> BackDirectly(Turn<EchoState> turn, ReadOnlyMemory<byte> arguments)
    {
        var times = BinaryPrimitives.ReadInt64LittleEndian(arguments.Span);
        long bytes = 0;
        for (var i = 0L; i < times; i++) bytes += Back(turn, arguments).Length;
        return bytes == times * arguments.Length ? arguments : default;
    }

    static CastResult CastSkill(Turn<EchoState> turn, Cast cast)
    {
        turn.State = new EchoState(turn.State.Count + 1);
        return new CastResult(cast.Power * 2, cast.Skill.Length > 8, turn.State.Count);
    }
}
