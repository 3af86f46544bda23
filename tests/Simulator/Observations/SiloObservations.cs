using Evergrain.Contracts.Ops;
using Evergrain.Runtime;
using Evergrain.Runtime.Slots;

namespace Evergrain.Simulator.Observations;

/// <summary>A silo came among the members of the cluster, or is none any more: what others believe of it.</summary>
internal sealed record MemberMoved(string Silo, int Life, Guid Instance, bool Joins) : Observation
{
    public override void Say(Telling to) => to.Say($"{Silo} {(Joins ? "is a member" : "is no member any more")}");
}

/// <summary>A silo routes by another release, as its status says.</summary>
internal sealed record SiloRoutes(string Silo, int Life, Guid Instance, long Epoch, IReadOnlyList<ModuleSlot> Slots) : Observation
{
    public override void Say(Telling to) => to.Say($"{Silo} routes by epoch {Epoch}: {string.Join(", ", Slots.Select(slot => slot.Id))}");
}

/// <summary>A slot has changed its state, as the silo's event says.</summary>
internal sealed record SlotMoved(string Silo, int Life, SlotStatus Slot) : Observation
{
    public override void Say(Telling to) => to.Say($"{Slot.Name}@{Slot.Version} is {Slot.State} on {Silo}, {Slot.Leases} leases");
}

/// <summary>A silo's clock, which was wrong, is set right.</summary>
internal sealed record ClockRighted(string Silo) : Observation
{
    public override void Say(Telling to) => to.Say($"the clock of {Silo} is right again");
}

/// <summary>A silo's process stands still, or goes on.</summary>
internal sealed record SiloStands(string Silo, int Life, bool Still) : Observation
{
    public override void Say(Telling to) => to.Say($"{Silo} {(Still ? "stands still" : "goes on")}");
}
