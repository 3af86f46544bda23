using System.Text.Json;
using Evergrain.Core.Operators;

namespace Evergrain.Core.Tests.Operators;

public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("""{"a":1,"b":{"c":2}}""", "", """{"a":1,"b":{"c":2}}""")]
    [InlineData("""{"a":1,"b":{"a":2}}""", "a", """{"a":"(secret)","b":{"a":2}}""")]
    [InlineData("""{"b":{"c":[1,2],"d":3}}""", "b.c", """{"b":{"c":"(secret)","d":3}}""")]
    [InlineData("""{"b":[{"c":1,"d":2},{"c":null}]}""", "b.c", """{"b":[{"c":"(secret)","d":2},{"c":"(secret)"}]}""")]
    [InlineData("""{"b":{"x":{"c":1},"y":{"c":2,"d":3}}}""", "b.*.c", """{"b":{"x":{"c":"(secret)"},"y":{"c":"(secret)","d":3}}}""")]
    [InlineData("""{"b":{"c":1,"d":2}}""", "b.c b", """{"b":"(secret)"}""")]
    // In another form than the module says: anything may be in it.
    [InlineData("""{"b":"c=1","n":null}""", "b.c n.c", """{"b":"(secret)","n":null}""")]
    [InlineData("\"Ym9i\"", "a", "\"(secret)\"")]
    public void Only_what_is_marked_is_masked(string state, string secrets, string shown)
    {
        using var parsed = JsonDocument.Parse(state);
        Assert.Equal(shown, SecretMask.Mask(parsed.RootElement, secrets.Split(' ', StringSplitOptions.RemoveEmptyEntries)).GetRawText());
    }
}
