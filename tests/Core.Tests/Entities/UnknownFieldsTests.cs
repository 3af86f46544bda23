using System.Text;
using Evergrain.Core.State;

namespace Evergrain.Core.Tests.Entities;

public sealed class UnknownFieldsTests
{
    // What the newer version wrote, what the running one writes of it again, what that writes after a turn, and what is stored.
    [Theory]
    [InlineData("""{"gold":1,"items":{"sword":{"level":2,"rune":1}}}""", """{"gold":1,"items":{"sword":{"level":2}}}""", """{"gold":9,"items":{}}""", """{"gold":9,"items":{}}""")]
    [InlineData("""{"pet":{"name":"x","rune":1}}""", """{"pet":{"name":"x"}}""", "{}", "{}")]
    [InlineData("""{"pet":{"name":"x","rune":1}}""", """{"pet":{"name":"x"}}""", """{"pet":null}""", """{"pet":null}""")]
    [InlineData("""{"a":{"b":{"c":{"new":1}}}}""", """{"a":{"b":{"c":{}}}}""", """{"a":{"b":{}}}""", """{"a":{"b":{}}}""")]
    public void What_the_running_code_took_away_does_not_come_back(string before, string known, string after, string stored) =>
        Assert.Equal(stored, Merged(before, known, after));

    [Theory]
    [InlineData("""{"gold":1,"rank":{"title":"duke"}}""", """{"gold":1}""", """{"gold":9}""", """{"gold":9,"rank":{"title":"duke"}}""")]
    [InlineData("""{"items":{"sword":{"level":2,"rune":1},"bow":{"rune":3}}}""", """{"items":{"sword":{"level":2},"bow":{}}}""", """{"items":{"sword":{"level":3}}}""", """{"items":{"sword":{"level":3,"rune":1}}}""")]
    [InlineData("""{"whole":{"inner":{"x":1}},"inner":2}""", """{"whole":{}}""", """{"whole":{"y":3}}""", """{"whole":{"y":3,"inner":{"x":1}},"inner":2}""")]
    [InlineData("""{"gold":1,"rank":5}""", """{"gold":1}""", """{"gold":1,"rank":7}""", """{"gold":1,"rank":7}""")]
    public void What_the_running_code_does_not_know_stays_where_its_object_is(string before, string known, string after, string stored) =>
        Assert.Equal(stored, Merged(before, known, after));

    static string Merged(string before, string known, string after) =>
        Encoding.UTF8.GetString(UnknownFields.Merge(Encoding.UTF8.GetBytes(after), UnknownFields.Extract(Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(known))));
}
