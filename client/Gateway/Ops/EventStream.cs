using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Evergrain.Gateway.Ops;

/// <summary>Server-sent events: one <c>data:</c> line of JSON for each thing that happens.</summary>
internal static class EventStream
{
    public static async Task Write(HttpContext context, IAsyncEnumerable<OpsEvent> events)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await context.Response.Body.WriteAsync(": open\n\n"u8.ToArray(), end.Token);
            await context.Response.Body.FlushAsync(end.Token);
            await foreach (var happened in events.WithCancellation(end.Token))
            {
                await context.Response.WriteAsync($"event: {happened.Type}\ndata: {JsonSerializer.Serialize(happened, ContractsJson.Default.OpsEvent)}\n\n", end.Token);
                await context.Response.Body.FlushAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await context.Response.CompleteAsync();
        }
    }
}
