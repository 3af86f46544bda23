using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Host;

/// <summary>battle 1.0.0 → 1.1.0 → 2.0.0 → back, one step at a time.</summary>
internal sealed class DemoRollouts(IClusterOps ops)
{
    const string Actor = "demo";
    volatile string trouble = "";

    /// <summary>What kept the last rollout from its end; empty when nothing did.</summary>
    public string Trouble => trouble;

    public async Task Run(TimeSpan step, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await Next(step, () => Start("1.1.0", cancellation), cancellation);
                await Next(step, () => Start("2.0.0", cancellation), cancellation);
                await Next(step, () => Back(cancellation), cancellation);
                await Back(cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            trouble = "";
        }
    }

    async Task Next(TimeSpan step, Func<Task> rollout, CancellationToken cancellation)
    {
        await Task.Delay(step, cancellation);
        await rollout();
    }

    Task Start(string version, CancellationToken cancellation) =>
        Await(() => ops.StartRollout(new RolloutRequest { Modules = [new ModuleId("battle", version)], Reason = "demo" }, Actor, cancellation), cancellation);

    Task Back(CancellationToken cancellation) => Await(() => ops.Undo(new UndoRequest { Reason = "demo" }, Actor, cancellation), cancellation);

    async Task Await(Func<Task<RolloutAccepted>> begin, CancellationToken cancellation)
    {
        try
        {
            var ended = await GameStart.Ended(ops, (await begin()).Id, cancellation);
            trouble = ended.Findings.Count == 0 ? "" : $"  {ended.Findings[0].Message}";
        }
        catch (Exception refused) when (refused is FindingsException or CallFailedException)
        {
            trouble = $"  {refused.Message}";
        }
    }
}
