using Evergrain.Core.Entities;

namespace Evergrain.Core.Tests.Entities;

public sealed class TurnGateTests
{
    [Fact]
    public void A_call_that_comes_while_a_chore_is_taken_is_still_there_after_it()
    {
        using var world = new World();
        var activation = new EntityActivation(new("box", "a"), world.One.Entities);
        var gate = new TurnGate();
        Assert.True(gate.TryTake(Chores.Frames, out _));
        Assert.False(gate.Leave());

        Assert.True(gate.TryTake(Chores.Frames, out var due));
        Assert.Equal(Chores.Frames, due);
        var call = new PendingCall(activation, world.Request("box/a", "lab.get", new Lab.Amount(0)));
        Assert.Equal(Admission.Queued, gate.Enqueue(call, 8, Chores.None));
        Assert.True(gate.Leave());
        Assert.True(gate.Next(out _, out var next));
        Assert.Same(call, next);
    }

    [Fact]
    public void Chores_and_calls_take_turns()
    {
        using var world = new World();
        var activation = new EntityActivation(new("box", "a"), world.One.Entities);
        var gate = new TurnGate();
        Assert.True(gate.TryEnter());
        for (var i = 0; i < 3; i++) gate.Enqueue(new PendingCall(activation, world.Request("box/a", "lab.get", new Lab.Amount(i))), 8, Chores.None);
        Assert.True(gate.Leave());
        var order = "";
        for (var i = 0; i < 6; i++)
        {
            gate.Demand(Chores.Frames);
            Assert.True(gate.Next(out var chores, out var call));
            order += call is null ? $"{chores} " : "call ";
        }

        Assert.Equal("Frames call Frames call Frames call ", order);
        Assert.True(gate.Next(out _, out _));
        Assert.False(gate.Next(out _, out _));
        Assert.True(gate.TryEnter());
    }
}
