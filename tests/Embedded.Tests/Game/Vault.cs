using Evergrain.ModuleSdk;

namespace Evergrain.Embedded.Tests.Game;

internal sealed record VaultState(string Owner, string Code, Dictionary<string, VaultKey> Keys, VaultNote[] Notes);
internal sealed record VaultKey(string Maker, int Teeth);
internal sealed record VaultNote(string By, string Text);

/// <summary>A kind whose state has parts that are nobody's business.</summary>
internal static class Vault
{
    public static SliceBuilder<VaultState> Kind(ModuleBuilder module) => module
        .Json(GameJson.Default)
        .Owns("vault", schema: 1, id => new VaultState(id.Key, "1234", new() { ["front"] = new("abus", 17) }, [new("ann", "under the mat")]),
            new KindOptions { Durability = Durability.BeforeReply, IdleAfter = TimeSpan.FromSeconds(30) })
        .Operation<Nothing, Nothing>("open", (_, nothing) => nothing);
}
