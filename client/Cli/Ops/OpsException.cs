using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Ops;

/// <summary>A request at the ops door that came to nothing: what the server refused, or why there was no answer.
/// The problem's code says which (<see cref="Contracts.ErrorCodes"/>, <see cref="LocalProblems"/>); it carries every finding and what to do next.</summary>
internal sealed class OpsException(Problem problem, Exception? cause = null) : Exception($"{problem.Code}: {problem.Detail}", cause)
{
    public Problem Problem { get; } = problem;

    public int ExitCode => Cli.ExitCode.Of(Problem);
}
