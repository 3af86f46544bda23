using System.Text.Json.Serialization;

namespace Evergrain.Contracts.Ops;

/// <summary>An error body of the HTTP doors: RFC 9457 (<c>application/problem+json</c>) with Evergrain's members.</summary>
public sealed record Problem
{
    public string Type { get; init; } = "about:blank";
    public required string Title { get; init; }
    public required int Status { get; init; }
    public required string Detail { get; init; }
    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public required string Code { get; init; }
    public required Ran Ran { get; init; }
    public required string Next { get; init; }
    public string? Reason { get; init; }
    public int? RetryAfterMs { get; init; }
    public IReadOnlyList<Finding>? Findings { get; init; }
}
