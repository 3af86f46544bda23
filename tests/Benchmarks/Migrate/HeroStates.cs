using System.Text.Json.Serialization;
using Evergrain.ModuleSdk;

namespace Evergrain.Benchmarks.Migrate;

/// <summary>A state of ten fields, at three schemas.</summary>
internal sealed record HeroOne(string Name, int Level, int Gold, int Health, int Mana, double X, double Y, bool Online, string Guild, int[] Skills);

internal sealed record HeroTwo(string Name, int Level, long Copper, int Health, int Mana, double X, double Y, bool Online, string Guild, int[] Skills);

internal sealed record HeroThree(string Name, int Level, long Copper, int Health, int Mana, double X, double Y, bool Online, string Guild, int[] Skills, int Season);

[JsonSerializable(typeof(HeroOne))]
[JsonSerializable(typeof(HeroTwo))]
[JsonSerializable(typeof(HeroThree))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class HeroJson : JsonSerializerContext;

internal sealed class HeroModule : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(HeroJson.Default)
        .Owns("hero", schema: 3, entity => new HeroThree(entity.Key, 1, 0, 100, 100, 0, 0, false, "", [], 1))
        .MigratesFrom<HeroTwo>(2, old => new(old.Name, old.Level, old.Copper, old.Health, old.Mana, old.X, old.Y, old.Online, old.Guild, old.Skills, 1))
        .MigratesTo<HeroTwo>(2, now => new(now.Name, now.Level, now.Copper, now.Health, now.Mana, now.X, now.Y, now.Online, now.Guild, now.Skills))
        .MigratesBetween<HeroOne, HeroTwo>(1, 2, old => new(old.Name, old.Level, old.Gold * 100L, old.Health, old.Mana, old.X, old.Y, old.Online, old.Guild, old.Skills))
        .MigratesBetween<HeroTwo, HeroOne>(2, 1, now => new(now.Name, now.Level, (int)(now.Copper / 100), now.Health, now.Mana, now.X, now.Y, now.Online, now.Guild, now.Skills));
}
