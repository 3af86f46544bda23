using Evergrain.Stores.Postgres;

namespace Evergrain.Stores.Tests;

public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("Host=db;Database=game;Username=ann;Password=secret", "game on db:5432")]
    [InlineData("server=db;port=6432;database=game", "game on db:6432")]
    [InlineData("postgres://ann:p%40ss@db:6432/game?sslmode=require", "game on db:6432")]
    [InlineData("postgresql://ann@db", "ann on db:5432")]
    public void Both_forms_are_read(string text, string shown)
    {
        Assert.True(PostgresAddress.IsMeant(text));
        Assert.True(PostgresAddress.TryParse(text, out var address, out var problems), string.Join(" ", problems));
        Assert.Equal(shown, address.ToString());
    }

    [Theory]
    [InlineData("game.db")]
    [InlineData("/var/lib/evergrain/game.db")]
    [InlineData("C:\\games\\a=b.db")]
    [InlineData("postgres")]
    public void A_file_is_no_address(string text) => Assert.False(PostgresAddress.IsMeant(text));

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_and_no_password_with_it()
    {
        Assert.False(PostgresAddress.TryParse("Host=db;Port=many;Colour=blue;loose;Password=hush", out _, out var problems));

        Assert.Equal(3, problems.Count);
        Assert.Contains(problems, problem => problem.Contains("'Port'", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("'Colour'", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("part 4", StringComparison.Ordinal));
        Assert.DoesNotContain(problems, problem => problem.Contains("hush", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("postgres://")]
    [InlineData("postgres://db:port/game")]
    [InlineData("Host=;Database=game")]
    [InlineData("Host=db")]
    [InlineData("postgres://db/game?colour=blue")]
    public void What_cannot_be_an_address_is_none(string text)
    {
        Assert.False(PostgresAddress.TryParse(text, out _, out var problems));
        Assert.Single(problems);
    }
}
