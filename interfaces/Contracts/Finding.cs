namespace Evergrain.Contracts;

/// <summary>One thing that is wrong, of all that were found: in a package, a request or a rollout.</summary>
/// <param name="Code">Stable, such as <c>package/path-escapes</c>.</param>
/// <param name="Where">Entry, type, method, field or entity; what the finding points at.</param>
/// <param name="Message">What was wrong.</param>
/// <param name="Next">What to do next.</param>
public sealed record Finding(string Code, string Where, string Message, string Next)
{
    /// <summary>The module version that it is about, <c>name@version</c>; null when it is about none.</summary>
    public string? Module { get; init; }

    /// <summary>The silo that found it; null when it is the same everywhere.</summary>
    public string? Silo { get; init; }
}

/// <summary>Bad input: every finding at once, and nothing was applied.</summary>
public sealed class FindingsException(string code, string message, string next, IReadOnlyList<Finding> findings) : Exception(message)
{
    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public string Code { get; } = code;
    public string Next { get; } = next;
    public IReadOnlyList<Finding> Findings { get; } = findings;

    /// <summary>In milliseconds: when the same may be taken; null when time does not help.</summary>
    public int? RetryAfterMs { get; init; }

    public FindingsException(string code, string message, string next) : this(code, message, next, []) { }
}
