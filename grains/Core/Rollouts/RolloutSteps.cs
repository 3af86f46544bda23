using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Core.Rollouts;

/// <summary>Steps the machine, and does what it wants done: writes first, and the rest only if that very write stands.</summary>
internal sealed class RolloutSteps(VersionGrainPorts ports, RolloutOptions options, ClusterWriter store)
{
    // From requested to committed are four; conflicts with enrolling silos add to it. What remains is done at the next event.
    const int MostSteps = 32;

    RolloutState? state;
    bool failing, stale;

    public bool Knows(string rolloutId) => state?.Record.Rollout?.Id == rolloutId;

    public RolloutStatus? Status() => state?.Status(ports.Time.GetUtcNow(), options);

    /// <summary>After an answer that never came, nothing is done until the record is read again. What was heard stays, and the clocks run on.</summary>
    public void Forget() => stale = true;

    /// <summary>Reads the record, and lets the machine see it.</summary>
    public async Task<ClusterRecord> Refresh()
    {
        var record = await store.Read();
        state ??= RolloutState.Begin(record, ports.Time.GetUtcNow());
        state = state.Take(record, ports.Time.GetUtcNow());
        stale = false;
        return record;
    }

    public async Task Happened(RolloutEvent happened)
    {
        if (state is null || stale) await Refresh();
        for (var step = 0; step < MostSteps; step++)
        {
            var (next, effects) = RolloutMachine.Step(state!, happened, ports.Time.GetUtcNow(), options);
            state = next;
            if (effects.OfType<RolloutEffect.WriteRecord>().FirstOrDefault() is not { } write) return;
            happened = new RolloutEvent.RecordRead(await Write(write));
        }
    }

    public void Answered() => failing = false;

    /// <summary>Says so once, until it works again.</summary>
    public void Failed(Exception failure)
    {
        Forget();
        if (!failing) ports.Events(new OpsEvent("rollout", ports.Time.GetUtcNow(), $"The version grain cannot go on and will try again: {failure.Message}"));
        failing = true;
    }

    async Task<ClusterRecord> Write(RolloutEffect.WriteRecord write)
    {
        switch (await store.Write(write.Next, state!.Record.Etag))
        {
            case ClusterWriteOutcome.Written written:
                foreach (var effect in write.Then) Carry(effect);
                return written.Record;
            case ClusterWriteOutcome.Conflict conflict:
                return conflict.Current;
            default:
                throw new InvalidOperationException("The writer clears up unknown results.");
        }
    }

    void Carry(RolloutEffect effect)
    {
        switch (effect)
        {
            case RolloutEffect.HintSilos hint:
                foreach (var silo in hint.Silos) ports.Hints.Hint(silo);
                break;
            case RolloutEffect.PhaseEntered entered:
                ports.Events(Line(entered.Rollout));
                RolloutMeters.Entered(entered.Rollout);
                break;
            case RolloutEffect.SiloLeft left:
                ports.Events(new OpsEvent("silo", ports.Time.GetUtcNow(), $"{left.Silo} has left: it is no longer among the live silos.") { Silo = left.Silo });
                break;
        }
    }

    OpsEvent Line(Rollout rollout)
    {
        var changes = string.Join(", ", rollout.Changes.Select(change => $"{change.Name} {change.From ?? "(none)"} → {change.To ?? "(none)"}"));
        var findings = rollout is { Ended: true, Findings.Count: > 0 } ? $"; {rollout.Findings.Count} findings, first {rollout.Findings[0].Code}: {rollout.Findings[0].Message}" : "";
        return new OpsEvent("rollout", ports.Time.GetUtcNow(), $"Rollout {rollout.Id} is {rollout.Phase.ToString().ToLowerInvariant()}: {changes}{findings}")
        {
            RolloutId = rollout.Id, TraceId = rollout.TraceId, Epoch = rollout.Epoch, Module = rollout.Changes.Count == 1 ? rollout.Changes[0].Name : null,
        };
    }
}
