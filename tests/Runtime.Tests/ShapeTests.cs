using System.Text.Json;
using System.Text.Json.Serialization;
using Evergrain.ModulePackaging;

namespace Evergrain.Runtime.Tests;

public sealed class ShapeTests
{
    internal sealed record Fighter(string Name, int Health);
    internal sealed record Room(int Round, Fighter[] Fighters, Dictionary<string, Fighter> ByName);
    internal sealed record RoomWithOptional(int Round, Fighter[] Fighters, Dictionary<string, Fighter> ByName, string? Map = null, int Bonus = 0);
    internal sealed record RoomWithRequired(int Round, Fighter[] Fighters, Dictionary<string, Fighter> ByName, string Map);
    internal sealed record FighterWithMana(string Name, int Health, int? Mana = null);
    internal sealed record RoomWithMana(int Round, FighterWithMana[] Fighters, Dictionary<string, Fighter> ByName);
    internal sealed record RoomByMana(int Round, Fighter[] Fighters, Dictionary<string, FighterWithMana> ByName);
    internal sealed record RoomRetyped(string Round, Fighter[] Fighters, Dictionary<string, Fighter> ByName);
    internal sealed record Reordered(Dictionary<string, Fighter> ByName, int Round, Fighter[] Fighters);

    internal sealed record Tree(Tree? Left, Tree[] Others, int Value);
    internal sealed record TreeWithColour(TreeWithColour? Left, TreeWithColour[] Others, int Value, string? Colour);
    internal sealed record RoomWithNullable(int Round, Fighter[] Fighters, Dictionary<string, Fighter> ByName, string? Map);

    [Fact]
    public void A_type_that_contains_itself_has_a_shape_that_can_be_compared()
    {
        Assert.Empty(Compare(ShapesJson.Default.Tree, ShapesJson.Default.Tree));
        Assert.Contains("room.Colour", Compare(ShapesJson.Default.Tree, ShapesJson.Default.TreeWithColour));
    }

    [Fact]
    public void An_added_field_that_may_be_null_is_optional() =>
        Assert.Empty(Compare(ShapesJson.Default.Room, ShapesJson.Default.RoomWithNullable));

    [Fact]
    public void The_same_shape_has_the_same_fingerprint_whatever_the_order_of_its_fields() =>
        Assert.Equal(JsonShape.Fingerprint(Shape(ShapesJson.Default.Room)), JsonShape.Fingerprint(Shape(ShapesJson.Default.Reordered)));

    [Fact]
    public void Added_optional_fields_share_a_schema_number() =>
        Assert.Empty(Compare(ShapesJson.Default.Room, ShapesJson.Default.RoomWithOptional));

    [Fact]
    public void A_field_taken_away_needs_a_new_number() =>
        Assert.Equal(["room.Bonus", "room.Map"], Compare(ShapesJson.Default.RoomWithOptional, ShapesJson.Default.Room).Order());

    [Fact]
    public void An_added_field_without_default_needs_a_new_number() =>
        Assert.Equal(["room.Map"], Compare(ShapesJson.Default.Room, ShapesJson.Default.RoomWithRequired));

    [Fact]
    public void An_added_field_inside_an_array_needs_a_new_number() =>
        Assert.Equal(["room.Fighters[].Mana"], Compare(ShapesJson.Default.Room, ShapesJson.Default.RoomWithMana));

    [Fact]
    public void An_added_optional_field_inside_a_dictionary_shares_a_number() =>
        Assert.Empty(Compare(ShapesJson.Default.Room, ShapesJson.Default.RoomByMana));

    [Fact]
    public void A_field_of_another_type_needs_a_new_number() =>
        Assert.Equal(["room.Round"], Compare(ShapesJson.Default.Room, ShapesJson.Default.RoomRetyped));

    [Theory]
    [InlineData("1.0.0", "1.0.1")]
    [InlineData("1.9.0", "1.10.0")]
    [InlineData("1.0.0-alpha", "1.0.0")]
    [InlineData("1.0.0-alpha", "1.0.0-alpha.1")]
    [InlineData("1.0.0-2", "1.0.0-10")]
    [InlineData("1.0.0-10", "1.0.0-beta")]
    public void Versions_are_ordered_by_the_rules_of_SemVer(string lower, string higher)
    {
        Assert.True(SemanticVersion.Compare(lower, higher) < 0);
        Assert.True(SemanticVersion.Compare(higher, lower) > 0);
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("01.0.0")]
    [InlineData("1.0.0-")]
    [InlineData("1.0.0-01")]
    [InlineData("v1.0.0")]
    [InlineData("1.0.0\n")]
    public void What_is_no_version_is_none(string text) => Assert.Null(SemanticVersion.TryParse(text));

    static JsonElement Shape(System.Text.Json.Serialization.Metadata.JsonTypeInfo type) => JsonShape.Describe(type);

    static IEnumerable<string> Compare(System.Text.Json.Serialization.Metadata.JsonTypeInfo older, System.Text.Json.Serialization.Metadata.JsonTypeInfo newer) =>
        StateShape.Compare("room", Shape(older), Shape(newer)).Select(finding => finding.Where);
}

[JsonSerializable(typeof(ShapeTests.Room))]
[JsonSerializable(typeof(ShapeTests.RoomWithOptional))]
[JsonSerializable(typeof(ShapeTests.RoomWithRequired))]
[JsonSerializable(typeof(ShapeTests.RoomWithMana))]
[JsonSerializable(typeof(ShapeTests.RoomByMana))]
[JsonSerializable(typeof(ShapeTests.RoomRetyped))]
[JsonSerializable(typeof(ShapeTests.Reordered))]
[JsonSerializable(typeof(ShapeTests.Tree))]
[JsonSerializable(typeof(ShapeTests.TreeWithColour))]
[JsonSerializable(typeof(ShapeTests.RoomWithNullable))]
internal sealed partial class ShapesJson : JsonSerializerContext;
