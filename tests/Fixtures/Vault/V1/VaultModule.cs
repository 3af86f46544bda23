using System.Text.Json.Serialization;
using Evergrain.ModuleSdk;

namespace Vault;

public sealed record PurseOne(long Gold, string[] Applied) : IPurse<PurseOne>
{
    public PurseView View() => new(Gold, Applied, 1);
    public PurseOne With(long gold, string id) => new(gold, [.. Applied, id]);
}

public sealed record TallyOne(string[] Applied) : ITally<TallyOne>
{
    public TallyView View() => new(Applied, 1);
    public TallyOne With(string id) => new([.. Applied, id]);
}

[JsonSerializable(typeof(PurseOne))]
[JsonSerializable(typeof(TallyOne))]
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

/// <summary>What a killed process must not lose; played by tests/CrashPoints.</summary>
public sealed class VaultModule : GameModule
{
    public override void Configure(ModuleBuilder module)
    {
        module.Json(VaultJson.Default);
        Purse<PurseOne>.Declare(module.Owns("purse", schema: 1, _ => new PurseOne(0, []), PurseRules.Options));
        Tally<TallyOne>.Declare(module.Owns("tally", schema: 1, _ => new TallyOne([])));
        Tally<TallyOne>.DeclareSketch(module.Owns("sketch", schema: 1, _ => new TallyOne([]), SketchRules.Options));
    }
}
