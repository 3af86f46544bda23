using Evergrain.Contracts.Ops;

namespace Evergrain.Core.Rollouts;

/// <summary>Tells the version grain how the silo stands: one report at a time, and always the newest. Belongs to the agent's lane.</summary>
internal sealed class ReportSender(string silo, Guid instance, SiloAgentPorts ports, SiloAgentOptions options)
{
    long sequence;
    bool sending, failing;
    SiloReport? next;

    public void Send(ClusterRecord seen, IReadOnlyList<PackageReport> packages)
    {
        next = new SiloReport
        {
            Silo = silo, Instance = instance, Sequence = ++sequence, Epoch = ports.Modules.Epoch,
            RolloutId = seen.Rollout?.Id, Phase = seen.Rollout?.Phase,
            Packages = packages, Slots = ports.Modules.Report(),
        };
        if (!sending) _ = SendAll();
    }

    async Task SendAll()
    {
        sending = true;
        while (next is { } report)
        {
            next = null;
            await Send(report);
        }
        sending = false;
    }

    async Task Send(SiloReport report)
    {
        try
        {
            await ports.VersionGrain.Report(report).WaitAsync(options.AnswerTimeout, ports.Time);
            failing = false;
        }
        catch (Exception failure)
        {
            if (!failing) ports.Events(new OpsEvent("silo", ports.Time.GetUtcNow(), $"{silo} cannot reach the version grain and will report again: {failure.Message}") { Silo = silo });
            failing = true;
        }
    }
}
