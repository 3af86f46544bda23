using System.CommandLine;

namespace Evergrain.Cli.Commands;

/// <summary>Options that starting a rollout and undoing one have in common.</summary>
internal static class RolloutOptions
{
    const int MaxDeadlineSeconds = 3600;
    static readonly TimeSpan TimeToDrain = TimeSpan.FromSeconds(60);

    public static Option<string?> Reason() => new("--reason")
    {
        Description = "Why; kept in the history.",
        HelpName = "TEXT",
    };

    public static Option<int> Deadline() => new("--deadline")
    {
        Description = "From request to commit; past it the rollout is aborted. 1 to 3600.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 30,
        CustomParser = result => Arguments.Whole(result, "--deadline", 1, MaxDeadlineSeconds),
    };

    /// <param name="what">What is accepted by it.</param>
    public static Option<bool> OneWay(string what) => new("--one-way") { Description = what };

    public static Option<bool> NoWait() => new("--no-wait")
    {
        Description = "Print the rollout's id and end; it goes on by itself.",
    };

    /// <summary>How long to wait for a rollout when the line does not say: the way to the commit, then the drain.</summary>
    public static TimeSpan Wait(int deadlineSeconds) => TimeSpan.FromSeconds(deadlineSeconds) + TimeToDrain;
}
