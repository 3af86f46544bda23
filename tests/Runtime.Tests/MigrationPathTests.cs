using Evergrain.Runtime.Migrations;

namespace Evergrain.Runtime.Tests;

public sealed class MigrationPathTests
{
    [Theory]
    [InlineData(1, 3, "1>2 2>3", "1>2 2>3")]
    [InlineData(3, 1, "1>2 2>3 3>2 2>1", "3>2 2>1")]
    [InlineData(1, 3, "1>2 2>3 1>3", "1>3")]
    [InlineData(1, 4, "1>2 2>3 3>4 1>3", "1>3 3>4")]
    [InlineData(2, 2, "1>2", "")]
    public void The_fewest_steps_are_taken(int from, int to, string links, string path) => Assert.Equal(path, Text(MigrationPath.Find(from, to, Links(links))));

    [Theory]
    [InlineData(1, 3, "2>3")]
    [InlineData(3, 1, "1>2 2>3")]
    [InlineData(1, 2, "1>3 3>2")]
    [InlineData(2, 3, "2>1 1>3")]
    [InlineData(1, 2, "")]
    public void No_way_turns_round_or_goes_past_its_goal(int from, int to, string links) => Assert.Null(MigrationPath.Find(from, to, Links(links)));

    [Theory]
    [InlineData(1, 3, "2>3", 1, 2)]
    [InlineData(1, 4, "1>2 3>4", 2, 3)]
    [InlineData(4, 1, "4>3 2>1", 3, 2)]
    [InlineData(1, 3, "", 1, 3)]
    [InlineData(1, 4, "1>3 2>4", 3, 4)]
    [InlineData(3, 1, "1>2 2>3", 3, 1)]
    public void The_missing_step_is_named(int from, int to, string links, int gapFrom, int gapTo) =>
        Assert.Equal((gapFrom, gapTo), MigrationPath.Gap(from, to, Links(links)));

    [Fact]
    public void Of_two_that_have_the_same_step_the_first_named_takes_it() =>
        Assert.Equal(["serving"], MigrationPath.Find<string>(1, 2, [new(1, 2, "serving"), new(1, 2, "migrator")])!.Select(link => link.By));

    static MigrationLink<string>[] Links(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(link => new MigrationLink<string>(link[0] - '0', link[2] - '0', link))];

    static string? Text(IReadOnlyList<MigrationLink<string>>? path) => path is null ? null : string.Join(' ', path.Select(link => link.By));
}
