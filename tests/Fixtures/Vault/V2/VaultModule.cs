using System.Text.Json.Serialization;
using Evergrain.ModuleSdk;

namespace Vault;

public sealed record PurseOne(long Gold, string[] Applied);

/// <param name="Copper">Gold times 100: a migration that was applied twice or not at all shows.</param>
public sealed record PurseTwo(long Copper, string[] Applied) : IPurse<PurseTwo>
{
    public PurseView View() => new(Copper / 100, Applied, 2);
    public PurseTwo With(long gold, string id) => new(gold * 100, [.. Applied, id]);
}

public sealed record TallyOne(string[] Applied);

public sealed record TallyTwo(string[] Applied, int Count) : ITally<TallyTwo>
{
    public TallyView View() => new(Applied, 2);
    public TallyTwo With(string id) => new([.. Applied, id], Count + 1);
}

[JsonSerializable(typeof(PurseOne))]
[JsonSerializable(typeof(PurseTwo))]
[JsonSerializable(typeof(TallyOne))]
[JsonSerializable(typeof(TallyTwo))]
[JsonSerializable(typeof(Mint))]
[JsonSerializable(typeof(Give))]
[JsonSerializable(typeof(Later))]
[JsonSerializable(typeof(Close))]
[JsonSerializable(typeof(Receive))]
[JsonSerializable(typeof(Note))]
[JsonSerializable(typeof(Gift))]
[JsonSerializable(typeof(PurseView))]
[JsonSerializable(typeof(TallyView))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class VaultJson : JsonSerializerContext;

/// <summary>All kinds under another schema.</summary>
public sealed class VaultModule : GameModule
{
    public override void Configure(ModuleBuilder module)
    {
        module.Json(VaultJson.Default);
        Purse<PurseTwo>.Declare(module.Owns("purse", schema: 2, _ => new PurseTwo(0, []), PurseRules.Options))
            .MigratesFrom<PurseOne>(1, old => new PurseTwo(old.Gold * 100, old.Applied))
            .MigratesTo<PurseOne>(1, now => new PurseOne(now.Copper / 100, now.Applied));
        Steps(Tally<TallyTwo>.Declare(module.Owns("tally", schema: 2, _ => new TallyTwo([], 0))));
        Steps(Tally<TallyTwo>.DeclareSketch(module.Owns("sketch", schema: 2, _ => new TallyTwo([], 0), SketchRules.Options)));
    }

    static void Steps(SliceBuilder<TallyTwo> tally) => tally
        .MigratesFrom<TallyOne>(1, old => new TallyTwo(old.Applied, old.Applied.Length))
        .MigratesTo<TallyOne>(1, now => new TallyOne(now.Applied));
}
