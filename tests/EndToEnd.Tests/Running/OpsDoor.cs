using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.EndToEnd.Tests.Running;

/// <summary>The ops door as an operator uses it, read strictly: an answer that is not as the contracts say fails the test.</summary>
internal sealed class OpsDoor(HttpClient http)
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(60);

    public async Task<ClusterStatus> Status() => await Read(await http.GetAsync("/v1/ops/status"), HttpStatusCode.OK, ContractsJson.Default.ClusterStatus);
    public async Task<IReadOnlyList<ReleaseStatus>> History() => await Read(await http.GetAsync("/v1/ops/releases"), HttpStatusCode.OK, ContractsJson.Default.IReadOnlyListReleaseStatus);
    public async Task<IReadOnlyList<PackageReceipt>> Packages() => await Read(await http.GetAsync("/v1/ops/packages"), HttpStatusCode.OK, ContractsJson.Default.IReadOnlyListPackageReceipt);
    public async Task<EntityView> Entity(string id) => await Read(await http.GetAsync($"/v1/ops/entities/{id}"), HttpStatusCode.OK, ContractsJson.Default.EntityView);
    public Task<HttpResponseMessage> Publish(byte[] package) => http.PostAsync("/v1/ops/packages", new ByteArrayContent(package));

    public async Task<PackageReceipt> Published(byte[] package) => await Read(await Publish(package), HttpStatusCode.Created, ContractsJson.Default.PackageReceipt);

    public Task<HttpResponseMessage> Start(RolloutRequest request) =>
        http.PostAsync("/v1/ops/rollouts", JsonContent.Create(request, ContractsJson.Default.RolloutRequest));

    /// <summary>Starts a rollout and waits until it is over.</summary>
    public async Task<RolloutStatus> Rollout(string module, string version) =>
        await Ended(await Accepted(await Start(new RolloutRequest { Modules = [new ModuleId(module, version)], Reason = "test" })));

    public async Task<RolloutStatus> Undo() =>
        await Ended(await Accepted(await http.PostAsync("/v1/ops/undo", JsonContent.Create(new UndoRequest { Reason = "test" }, ContractsJson.Default.UndoRequest))));

    public async Task Abort(string id) => Assert.Equal(HttpStatusCode.OK, (await http.PostAsync($"/v1/ops/rollouts/{id}/abort", null)).StatusCode);

    public async Task Kill(string silo) => Assert.Equal(HttpStatusCode.Accepted, (await http.PostAsync($"/v1/ops/silos/{silo}/kill", null)).StatusCode);

    public static async Task<string> Accepted(HttpResponseMessage answer) => (await Read(answer, HttpStatusCode.Accepted, ContractsJson.Default.RolloutAccepted)).Id;

    public async Task<RolloutStatus> Ended(string id)
    {
        RolloutStatus? rollout = null;
        await Until(async () => (rollout = await Show(id)).Phase is RolloutPhase.Permanent or RolloutPhase.Aborted, () => $"rollout {id} ends; it is {rollout?.Phase}");
        return rollout!;
    }

    public async Task<RolloutStatus> Show(string id) => await Read(await http.GetAsync($"/v1/ops/rollouts/{id}"), HttpStatusCode.OK, ContractsJson.Default.RolloutStatus);

    /// <summary>Looks again and again until what is waited for is so.</summary>
    public static async Task Until(Func<Task<bool>> so, Func<string> what)
    {
        using var patience = new CancellationTokenSource(EndsWithin);
        using var looks = new PeriodicTimer(Look);
        while (!await so())
        {
            try
            {
                await looks.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Waited {EndsWithin.TotalSeconds} s in vain until {what()}.");
            }
        }
    }

    /// <summary>The problem that an answer carries; every problem says what to do next.</summary>
    public static async Task<Problem> Problem(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(), ContractsJson.Default.Problem)!;
        Assert.Equal((int)answer.StatusCode, problem.Status);
        Assert.False(string.IsNullOrWhiteSpace(problem.Next));
        Assert.False(string.IsNullOrWhiteSpace(problem.Detail));
        return problem;
    }

    static async Task<T> Read<T>(HttpResponseMessage answer, HttpStatusCode expected, JsonTypeInfo<T> type)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"Expected {expected}, got {answer.StatusCode}: {body}");
        return JsonSerializer.Deserialize(body, type)!;
    }
}
