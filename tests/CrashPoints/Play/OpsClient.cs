using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.CrashPoints.Play;

/// <summary>The ops door by plain HTTP.</summary>
internal sealed class OpsClient(Uri door) : IDisposable
{
    readonly HttpClient http = new() { BaseAddress = door, Timeout = TimeSpan.FromSeconds(30) };

    public Task<ClusterStatus> Status() => Get("/v1/ops/status", ContractsJson.Default.ClusterStatus);
    public Task<RolloutStatus> Rollout(string id) => Get($"/v1/ops/rollouts/{id}", ContractsJson.Default.RolloutStatus);
    public Task<IReadOnlyList<ReleaseStatus>> History() => Get("/v1/ops/releases", ContractsJson.Default.IReadOnlyListReleaseStatus);
    public Task<IReadOnlyList<PackageReceipt>> Packages() => Get("/v1/ops/packages", ContractsJson.Default.IReadOnlyListPackageReceipt);
    public Task<EntityList> Entities(string kind) => Get($"/v1/ops/entities?kind={kind}&limit={EntityFilter.MaxLimit}", ContractsJson.Default.EntityList);

    /// <summary>Null when there is none.</summary>
    public async Task<EntityView?> Entity(EntityId id)
    {
        using var answer = await http.GetAsync($"/v1/ops/entities/{id}");
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await Read(answer, ContractsJson.Default.EntityView);
    }

    public async Task<PackageReceipt> Publish(byte[] package)
    {
        using var answer = await http.PostAsync("/v1/ops/packages", new ByteArrayContent(package));
        return await Read(answer, ContractsJson.Default.PackageReceipt);
    }

    public async Task<string> Start(string version)
    {
        var request = new RolloutRequest { Modules = [new ModuleId("vault", version)], Reason = "crash points", PrepareRetries = 0 };
        using var answer = await http.PostAsync("/v1/ops/rollouts", JsonContent.Create(request, ContractsJson.Default.RolloutRequest));
        return (await Read(answer, ContractsJson.Default.RolloutAccepted)).Id;
    }

    public async Task<string> Undo()
    {
        using var answer = await http.PostAsync("/v1/ops/undo", JsonContent.Create(new UndoRequest { Reason = "crash points" }, ContractsJson.Default.UndoRequest));
        return (await Read(answer, ContractsJson.Default.RolloutAccepted)).Id;
    }

    public void Dispose() => http.Dispose();

    async Task<T> Get<T>(string path, JsonTypeInfo<T> type)
    {
        using var answer = await http.GetAsync(path);
        return await Read(answer, type);
    }

    static async Task<T> Read<T>(HttpResponseMessage answer, JsonTypeInfo<T> type)
    {
        var body = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new OpsRefusedException($"{answer.RequestMessage?.RequestUri?.AbsolutePath} answers {answer.StatusCode}: {body}");
        return JsonSerializer.Deserialize(body, type) ?? throw new OpsRefusedException($"{answer.RequestMessage?.RequestUri?.AbsolutePath} answers nothing.");
    }
}

/// <summary>The ops door said no to what it should not.</summary>
internal sealed class OpsRefusedException(string message) : Exception(message);
