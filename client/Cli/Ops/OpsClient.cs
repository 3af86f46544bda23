using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Ops;

/// <summary>The ops door over HTTP, one method per route. Every failure is an <see cref="OpsException"/>. Safe from any thread.</summary>
internal sealed class OpsClient : IDisposable
{
    const int MaxAnswerBytes = 64 * 1024 * 1024;

    readonly Uri _server;
    readonly HttpClient _http;

    /// <param name="server">Where the doors are; a path in it is kept as a prefix.</param>
    public OpsClient(Uri server)
    {
        _server = server;
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !server.IsLoopback };
        _http = new HttpClient(handler)
        {
            BaseAddress = new Uri(server.AbsoluteUri.TrimEnd('/') + "/v1/ops/"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        _http.DefaultRequestHeaders.Accept.Add(new("application/json"));
        _http.DefaultRequestHeaders.Accept.Add(new("application/problem+json"));
    }

    public Task<PackageReceipt> Publish(Stream package, Patience patience)
    {
        var content = new StreamContent(package);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return Post("packages", content, OpsJson.Lenient.PackageReceipt, patience);
    }

    public Task<IReadOnlyList<PackageReceipt>> Packages(Patience patience) =>
        Get("packages", OpsJson.Lenient.IReadOnlyListPackageReceipt, patience);

    public Task<RolloutAccepted> StartRollout(RolloutRequest request, Patience patience) =>
        Post("rollouts", Json(request, OpsJson.Lenient.RolloutRequest), OpsJson.Lenient.RolloutAccepted, patience);

    public Task<RolloutStatus> Rollout(string id, Patience patience) =>
        Get($"rollouts/{Uri.EscapeDataString(id)}", OpsJson.Lenient.RolloutStatus, patience);

    public Task<RolloutStatus> AbortRollout(string id, AbortRequest request, Patience patience) =>
        Post($"rollouts/{Uri.EscapeDataString(id)}/abort", Json(request, OpsJson.Lenient.AbortRequest), OpsJson.Lenient.RolloutStatus, patience);

    public Task<RolloutAccepted> Undo(UndoRequest request, Patience patience) =>
        Post("undo", Json(request, OpsJson.Lenient.UndoRequest), OpsJson.Lenient.RolloutAccepted, patience);

    public Task<IReadOnlyList<ReleaseStatus>> Releases(Patience patience) =>
        Get("releases", OpsJson.Lenient.IReadOnlyListReleaseStatus, patience);

    public Task<ClusterStatus> Status(Patience patience) =>
        Get("status", OpsJson.Lenient.ClusterStatus, patience);

    public Task<EntityList> Entities(EntityFilter filter, Patience patience)
    {
        var query = $"entities?limit={filter.Limit}";
        if (filter.Kind is { } kind) query += $"&kind={kind}";
        if (filter.WrittenBy is { } version) query += $"&writtenBy={Uri.EscapeDataString(version.ToString())}";
        if (filter.SinceEpoch > 0) query += $"&sinceEpoch={filter.SinceEpoch}";
        if (filter.After is { } after) query += $"&after={Uri.EscapeDataString(after.ToString())}";
        return Get(query, OpsJson.Lenient.EntityList, patience);
    }

    public Task<EntityView> Entity(EntityId id, Patience patience) =>
        Get($"entities/{id.Kind}/{id.Key}", OpsJson.Lenient.EntityView, patience);

    public Task<QuarantineList> Quarantined(EntityId? after, int limit, Patience patience) =>
        Get($"quarantine?limit={limit}{(after is { } from ? $"&after={Uri.EscapeDataString(from.ToString())}" : "")}", OpsJson.Lenient.QuarantineList, patience);

    /// <param name="act"><c>retry</c>, <c>restore</c> or <c>discard</c>.</param>
    public Task<QuarantineOutcome> Quarantined(EntityId id, string act, OperatorReason reason, Patience patience) =>
        Post($"quarantine/{id.Kind}/{id.Key}/{act}", Json(reason, OpsJson.Lenient.OperatorReason), OpsJson.Lenient.QuarantineOutcome, patience);

    public Task<ExportPage> Export(string? kind, EntityId? after, Patience patience) =>
        Get($"state/export{Page(kind, after)}", OpsJson.Lenient.ExportPage, patience);

    public Task<StateReport> CheckState(string? kind, EntityId? after, Patience patience) =>
        Get($"state/check{Page(kind, after)}", OpsJson.Lenient.StateReport, patience);

    public Task<ImportReport> Import(IEnumerable<string> lines, ImportRequest request, Patience patience)
    {
        var body = new ByteArrayContent(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"{line}\n")))) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };
        var query = $"existing={request.Existing.ToString().ToLowerInvariant()}&dryRun={(request.DryRun ? 1 : 0)}&firstLine={request.FirstLine}";
        return Post($"state/import?{query}", body, OpsJson.Lenient.ImportReport, patience);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Copies the whole store to <paramref name="to"/>, as it comes.</summary>
    public Task<long> Backup(Stream to, Patience patience) =>
        Receive(new HttpRequestMessage(HttpMethod.Get, "backup"), Ran.No, patience, HttpCompletionOption.ResponseHeadersRead, async response =>
        {
            await response.Content.CopyToAsync(to, patience.Token);
            return to.Length;
        });

    static string Page(string? kind, EntityId? after)
    {
        string[] parts = [.. kind is null ? [] : new[] { $"kind={kind}" }, .. after is { } from ? new[] { $"after={Uri.EscapeDataString(from.ToString())}" } : []];
        return parts.Length == 0 ? "" : $"?{string.Join('&', parts)}";
    }

    Task<T> Get<T>(string path, JsonTypeInfo<T> answer, Patience patience) =>
        Send(new HttpRequestMessage(HttpMethod.Get, path), answer, Ran.No, patience);

    Task<T> Post<T>(string path, HttpContent content, JsonTypeInfo<T> answer, Patience patience)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        // A server that refuses by size or route says so before the body is on its way.
        request.Headers.ExpectContinue = content is StreamContent;
        return Send(request, answer, Ran.Unknown, patience);
    }

    // With its length told in advance, which not every proxy can do without.
    static ByteArrayContent Json<T>(T message, JsonTypeInfo<T> type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(message, type)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    Task<T> Send<T>(HttpRequestMessage request, JsonTypeInfo<T> answer, Ran ranIfLost, Patience patience) =>
        Receive(request, ranIfLost, patience, HttpCompletionOption.ResponseContentRead, async response => Read(await response.Content.ReadAsByteArrayAsync(patience.Token), answer, ranIfLost));

    /// <param name="ranIfLost">Whether the request may have taken effect when no answer comes.</param>
    async Task<T> Receive<T>(HttpRequestMessage request, Ran ranIfLost, Patience patience, HttpCompletionOption completion, Func<HttpResponseMessage, Task<T>> read)
    {
        using (request)
        {
            try
            {
                using var response = await _http.SendAsync(request, completion, patience.Token);
                return response.IsSuccessStatusCode
                    ? await read(response)
                    : throw new OpsException(ReadProblem(response, await response.Content.ReadAsByteArrayAsync(patience.Token), ranIfLost));
            }
            catch (OperationCanceledException cancelled)
            {
                throw new OpsException(patience.WasInterrupted
                    ? LocalProblems.Interrupted(ranIfLost)
                    : LocalProblems.TimedOut(_server, patience.Timeout, ranIfLost), cancelled);
            }
            catch (HttpRequestException failure)
            {
                throw new OpsException(Explain(failure, ranIfLost), failure);
            }
            catch (IOException failure)
            {
                throw new OpsException(LocalProblems.ConnectionLost(_server, failure, ranIfLost), failure);
            }
        }
    }

    T Read<T>(byte[] body, JsonTypeInfo<T> answer, Ran ran)
    {
        try
        {
            return JsonSerializer.Deserialize(body, answer)
                ?? throw new OpsException(LocalProblems.BadAnswer(_server, "the answer is null", ran));
        }
        catch (JsonException failure)
        {
            throw new OpsException(LocalProblems.BadAnswer(_server, $"the body is not the expected JSON ({failure.Message})", ran), failure);
        }
    }

    Problem ReadProblem(HttpResponseMessage response, byte[] body, Ran ran)
    {
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            try
            {
                if (JsonSerializer.Deserialize(body, OpsJson.Lenient.Problem) is { } problem) return problem;
            }
            catch (JsonException failure)
            {
                return LocalProblems.BadAnswer(_server, $"HTTP {(int)response.StatusCode} with a problem that cannot be read ({failure.Message})", ran);
            }
        }
        return LocalProblems.BadAnswer(_server, $"HTTP {(int)response.StatusCode} {response.ReasonPhrase} without a problem to explain it", ran);
    }

    Problem Explain(HttpRequestException failure, Ran ranIfLost) => failure.HttpRequestError switch
    {
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError => LocalProblems.NoServer(_server, failure),
        HttpRequestError.ConfigurationLimitExceeded => LocalProblems.BadAnswer(_server, $"the answer is larger than {MaxAnswerBytes >> 20} MiB", ranIfLost),
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => LocalProblems.BadAnswer(_server, "it does not speak HTTP", ranIfLost),
        _ => LocalProblems.ConnectionLost(_server, failure, ranIfLost),
    };
}
