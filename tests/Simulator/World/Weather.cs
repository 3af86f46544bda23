using Evergrain.Contracts.Ops;

namespace Evergrain.Simulator.World;

/// <summary>What goes wrong at present, by chance or always. Faults set it for a while; the network, the stores and the loader ask it, and
/// say when it changed something.</summary>
internal sealed class Weather(Clock clock, Random chance, Action<FaultKind, string, string> took)
{
    readonly List<Spell> spells = [];
    readonly Dictionary<RolloutPhase, TimeSpan> lingers = [];
    TimeSpan busy;

    public void Begin(FaultKind kind, string? silo, double probability, TimeSpan lasts, TimeSpan amount = default) =>
        spells.Add(new Spell(kind, silo, probability, clock.Now + lasts, amount));

    /// <summary>From now on a write of the cluster's record that leaves the phase takes so much longer.</summary>
    public void Linger(RolloutPhase phase, TimeSpan by) => lingers[phase] = by;

    /// <summary>How much longer a write takes that brings a rollout from one phase to another.</summary>
    public TimeSpan LingerOf(RolloutPhase? from, RolloutPhase? to) => from is { } phase && from != to ? lingers.GetValueOrDefault(phase) : TimeSpan.Zero;

    /// <summary>From now on work beside the game waits for a thread, up to so long.</summary>
    public void Busy(TimeSpan longest) => busy = longest;

    public bool IsBusy => busy > TimeSpan.Zero;

    /// <summary>How long a piece of work waits for a thread.</summary>
    public TimeSpan WaitForThread() => IsBusy && chance.Next(2) == 0 ? busy * chance.NextDouble() : TimeSpan.Zero;

    public void Clear()
    {
        spells.Clear();
        lingers.Clear();
        busy = TimeSpan.Zero;
    }

    /// <summary>Whether a fault strikes now, for a silo; it is counted as having taken effect.</summary>
    public bool Strikes(FaultKind kind, string silo, string what) => Strikes(kind, silo, what, out _);

    public bool Strikes(FaultKind kind, string silo, string what, out TimeSpan amount)
    {
        amount = default;
        for (var i = 0; i < spells.Count; i++)
        {
            var spell = spells[i];
            if (spell.Until <= clock.Now)
            {
                spells.RemoveAt(i--);
                continue;
            }
            if (spell.Kind != kind || spell.Silo is not null && spell.Silo != silo || chance.NextDouble() >= spell.Probability) continue;
            amount = spell.Amount;
            took(kind, what, silo);
            return true;
        }
        return false;
    }

    /// <param name="Silo">Null: everywhere.</param>
    readonly record struct Spell(FaultKind Kind, string? Silo, double Probability, DateTimeOffset Until, TimeSpan Amount);
}
