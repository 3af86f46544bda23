using Evergrain.Contracts.Ops;
using Evergrain.ModulePackaging;

namespace Evergrain.CrashPoints.Play;

/// <summary>Publishes and rolls out while others play: to a version of another schema and back, and to one that no silo can prepare. Looks around in between.</summary>
internal sealed class Operator(OpsClient ops, Journal journal)
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    static readonly byte[] next = File.ReadAllBytes(Game.Package("2.0.0"));
    static readonly byte[] broken = Broken();

    /// <summary>Until the host is gone or it is enough.</summary>
    public async Task Work(CancellationToken enough)
    {
        try
        {
            while (!enough.IsCancellationRequested)
            {
                await End(await Turn(), enough);
                await ops.Entities("purse");
                await Publish("3.0.0", broken);
                await End(await ops.Start("3.0.0"), enough);
                await ops.Packages();
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException or IOException)
        {
            // Whoever waits for an answer of a host that is killed gets none.
            return;
        }
    }

    /// <summary>To the version that does not serve: up, or back by an undo.</summary>
    /// <returns>The rollout.</returns>
    public async Task<string> Turn()
    {
        if ((await ops.History())[0].Modules.Single().Version != "1.0.0") return await ops.Undo();
        await Publish("2.0.0", next);
        return await ops.Start("2.0.0");
    }

    /// <summary>Waits until a rollout has come to its end.</summary>
    public async Task<RolloutStatus> End(string id, CancellationToken enough)
    {
        journal.Accept(id);
        while (true)
        {
            var status = await ops.Rollout(id);
            if (status is { Phase: RolloutPhase.Permanent, Epoch: { } epoch }) journal.BecamePermanent(id, epoch);
            if (status.Phase is RolloutPhase.Permanent or RolloutPhase.Aborted) return status;
            await Task.Delay(Look, enough);
        }
    }

    async Task Publish(string version, byte[] package) => journal.Publish(version, (await ops.Publish(package)).Digest);

    // Right in all but the name of its entry type: that shows when a silo loads it.
    static byte[] Broken()
    {
        var contents = PackageReader.Read(next, new PackageLimits()).Contents!;
        return PackageWriter.Write(contents.Manifest with { Version = "3.0.0", EntryType = "Vault.Nobody" },
            contents.Entries.Where(entry => entry.Key is not (PackageLayout.Manifest or PackageLayout.Signature)).ToDictionary());
    }
}
