using Evergrain.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Evergrain.Gateway.Problems;

/// <summary>Maps paths so that whatever goes wrong behind them leaves as a problem, never as a bare status or a stack trace.</summary>
internal static partial class DoorRoutes
{
    public static void MapDoor(this IEndpointRouteBuilder routes, string path, params (string Method, RequestDelegate Handle)[] methods) =>
        routes.Map(path, context => Guard(context, Choose(context, methods)));

    public static void MapNotFound(this IEndpointRouteBuilder routes, string path) =>
        routes.Map(path, context => ProblemWriter.Write(context, ErrorCodes.NotFound,
            $"There is nothing at {context.Request.Path}.", "The doors are /v1/login, /v1/call/{kind}/{key}/{operation}, /v1/socket and /v1/ops."));

    static RequestDelegate Choose(HttpContext context, (string Method, RequestDelegate Handle)[] methods)
    {
        foreach (var (method, handle) in methods)
            if (HttpMethods.Equals(context.Request.Method, method)) return handle;
        var allowed = string.Join(", ", methods.Select(m => m.Method));
        context.Response.Headers.Allow = allowed;
        return refused => ProblemWriter.Write(refused, ErrorCodes.MethodNotAllowed,
            $"{refused.Request.Method} is not possible at {refused.Request.Path}.", $"Use {allowed}.");
    }

    static async Task Guard(HttpContext context, RequestDelegate handle)
    {
        try
        {
            await handle(context);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or ConnectionAbortedException)
        {
            LogGone(Logger(context), context.Request.Path);
        }
        catch (Exception exception)
        {
            if (context.Response.HasStarted)
            {
                LogBroken(Logger(context), context.Request.Path, exception);
                context.Abort();
                return;
            }
            await Answer(context, exception);
        }
    }

    static Task Answer(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case FindingsException findings: return ProblemWriter.Write(context, findings);
            case CallFailedException failed: return ProblemWriter.Write(context, failed.Error);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return ProblemWriter.Write(context, ErrorCodes.BodyTooLarge, "The body is larger than this door takes.", "Send less.");
            case BadHttpRequestException bad:
                return ProblemWriter.Write(context, ErrorCodes.BadRequest, bad.Message, "Mend the request and send it again.");
        }
        var traceId = ProblemWriter.TraceId(context);
        LogInternal(Logger(context), context.Request.Path, traceId, exception);
        return ProblemWriter.Write(context, ErrorCodes.Internal, $"Something failed that should not; its trace id is {traceId}.",
            "Look for the trace id in the logs of the host. Send again only with the same idempotency key.", ran: Ran.Unknown);
    }

    static ILogger Logger(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Evergrain.Gateway");

    [LoggerMessage(Level = LogLevel.Debug, Message = "The client of {Path} went away before its answer")]
    static partial void LogGone(ILogger logger, string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} failed after its answer had begun")]
    static partial void LogBroken(ILogger logger, string path, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} failed, trace id {TraceId}")]
    static partial void LogInternal(ILogger logger, string path, string traceId, Exception exception);
}
