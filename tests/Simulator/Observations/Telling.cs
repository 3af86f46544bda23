using System.Runtime.CompilerServices;
using System.Text;
using Evergrain.Contracts;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Observations;

/// <summary>Words as they are said: hashed piece by piece, and put together only where somebody reads them. A run says some thousands of
/// sentences that nobody does.</summary>
internal sealed class Telling
{
    readonly StringBuilder? text;

    Telling(StringBuilder? text) => this.text = text;

    public ulong Hash { get; private set; } = StableHash.Seed;

    public static Telling OnlyHashed() => new(null);

    public static string TextOf(Observation observation)
    {
        var telling = new Telling(new StringBuilder());
        observation.Say(telling);
        return telling.text!.ToString();
    }

    public Telling Say(string words)
    {
        Hash = StableHash.Add(Hash, words);
        text?.Append(words);
        return this;
    }

    public Telling Say(long number)
    {
        Hash = StableHash.Add(Hash, (ulong)number);
        text?.Append(number);
        return this;
    }

    public Telling Say([InterpolatedStringHandlerArgument("")] Words _) => this;

    /// <summary>What the compiler makes of an interpolated string that is said.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Words
    {
        readonly Telling telling;

        // The compiler says how long the literals are and how many values stand between them.
        public Words(int _, int __, Telling telling) => this.telling = telling;

        public void AppendLiteral(string words) => telling.Say(words);
        public void AppendFormatted(string? words) => telling.Say(words ?? "");
        public void AppendFormatted(long number) => telling.Say(number);
        public void AppendFormatted(ModuleId module) => telling.Say(module.Name ?? "nobody").Say("@").Say(module.Version ?? "");
        public void AppendFormatted(EntityId entity) => telling.Say(entity.Kind).Say("/").Say(entity.Key);
        public void AppendFormatted<T>(T value) where T : struct, Enum => telling.Say(Names<T>.Of(value));
    }

    // Enum.ToString() searches and allocates nothing, but searches each time.
    static class Names<T> where T : struct, Enum
    {
        static readonly Dictionary<T, string> names = Enum.GetValues<T>().Distinct().ToDictionary(value => value, value => value.ToString());

        public static string Of(T value) => names[value];
    }
}
