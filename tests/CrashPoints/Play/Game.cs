using System.Text.Json;
using Evergrain.Contracts;

namespace Evergrain.CrashPoints.Play;

/// <summary>The calls of the fixture module <c>vault</c>, and its packages.</summary>
internal static class Game
{
    public const string Mint = "vault.mint", Give = "vault.give", Later = "vault.later", Close = "vault.close", Note = "vault.note", Save = "vault.save", Gift = "vault.gift",
        Draw = "vault.draw", Keep = "vault.keep", Sell = "vault.sell";

    // artifacts/bin/<project>/<configuration> → artifacts/fixtures
    static readonly string folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "fixtures"));

    public static string Package(string version) => Path.Combine(folder, $"vault-{version}.gmod") is var file && File.Exists(file) ? file
        : throw new FileNotFoundException("There is no package of vault: build this project, which builds the fixtures.", file);

    public static EntityId Purse(string key) => new("purse", key);

    /// <summary>Written at intervals.</summary>
    public static EntityId Tally(int number) => new("tally", $"t{number}");

    /// <summary>Written when it leaves memory, which it does not while it is played.</summary>
    public static EntityId Sketch(int number) => new("sketch", $"s{number}");

    public static Deed Minted(string id, int player, string purse, long gold) => new(id, player, Purse(purse), Mint, Json(new { id, gold }), null, gold);
    public static Deed Given(string id, int player, string from, string to, long gold) => new(id, player, Purse(from), Give, Json(new { id, to, gold }), to, gold);
    public static Deed Matured(string id, int player, string purse, long gold) => new(id, player, Purse(purse), Later, Json(new { id, gold, frames = 2 }), purse, gold);
    public static Deed Closed(string id, int player, string purse, string to) => new(id, player, Purse(purse), Close, Json(new { id, to }), to, 0);
    public static Deed Noted(string id, int player, EntityId list) => new(id, player, list, list.Kind == "tally" ? Note : Draw, Json(new { id }), null, 0);
    public static Deed Saved(string id, int player, EntityId list) => new(id, player, list, list.Kind == "tally" ? Save : Keep, Json(new { id }), null, 0);
    public static Deed Gifted(string id, int player, EntityId list, string to, long gold) => new(id, player, list, list.Kind == "tally" ? Gift : Sell, Json(new { id, to, gold }), to, gold);

    static ReadOnlyMemory<byte> Json<T>(T arguments) => JsonSerializer.SerializeToUtf8Bytes(arguments);
}
