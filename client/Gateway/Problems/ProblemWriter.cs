using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Microsoft.AspNetCore.Http;

namespace Evergrain.Gateway.Problems;

/// <summary>Writes errors as RFC 9457 problems.</summary>
internal static class ProblemWriter
{
    public static Task Write(HttpContext context, string code, string detail, string next, IReadOnlyList<Finding>? findings = null, Ran ran = Ran.No) =>
        Write(context, Problem(code, ran, detail, next) with { Findings = findings is { Count: > 0 } ? findings : null });

    public static Task Write(HttpContext context, CallError error) =>
        Write(context, Problem(error.Code, error.Ran, error.Message, error.Next) with { Reason = error.Reason, RetryAfterMs = error.RetryAfterMs });

    public static Task Write(HttpContext context, FindingsException exception) =>
        Write(context, Problem(exception.Code, Ran.No, exception.Message, exception.Next) with
        {
            Findings = exception.Findings.Count > 0 ? exception.Findings : null, RetryAfterMs = exception.RetryAfterMs,
        });

    /// <summary>One finding speaks by its own code; several are one bad request.</summary>
    public static Task Write(HttpContext context, IReadOnlyList<Finding> findings) => findings is [var only]
        ? Write(context, ErrorTable.Knows(only.Code) ? only.Code : ErrorCodes.BadRequest, only.Message, only.Next, findings)
        : Write(context, ErrorCodes.BadRequest, $"{findings.Count} things are wrong with this request.", "Mend every finding and send it again.", findings);

    /// <summary>The trace id that logs of this request carry.</summary>
    public static string TraceId(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;

    static Problem Problem(string code, Ran ran, string detail, string next)
    {
        var row = ErrorTable.Of(code);
        return new Problem { Title = row.Title, Status = row.Status, Detail = detail, Code = code, Ran = ran, Next = next };
    }

    static Task Write(HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        if (problem.RetryAfterMs is { } wait)
            response.Headers.RetryAfter = ((wait + 999) / 1000).ToString(CultureInfo.InvariantCulture);
        return JsonSerializer.SerializeAsync(response.Body, problem, ContractsJson.Default.Problem);
    }
}
