using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Vault;

/// <summary>What every schema of a tally has.</summary>
public interface ITally<TState>
{
    TallyView View();
    TState With(string id);
}

/// <summary>A list that is not written before each reply, but at once when it is told to be, or has something to send.</summary>
internal static class Tally<TState> where TState : class, ITally<TState>
{
    /// <summary>Written at intervals.</summary>
    public static SliceBuilder<TState> Declare(SliceBuilder<TState> tally) => tally
        .Operation<Note, TallyView>("note", Note)
        .Operation<Note, TallyView>("save", Save)
        .Operation<Gift, TallyView>("gift", Gift);

    /// <summary>Written when it leaves memory.</summary>
    public static SliceBuilder<TState> DeclareSketch(SliceBuilder<TState> sketch) => sketch
        .Operation<Note, TallyView>("draw", Note)
        .Operation<Note, TallyView>("keep", Save)
        .Operation<Gift, TallyView>("sell", Gift);

    static TallyView Note(Turn<TState> turn, Note note)
    {
        turn.State = turn.State.With(note.Id);
        return turn.State.View();
    }

    static TallyView Save(Turn<TState> turn, Note note)
    {
        turn.Save();
        return Note(turn, note);
    }

    /// <summary>New gold for a purse.</summary>
    static TallyView Gift(Turn<TState> turn, Gift gift)
    {
        turn.Send(new EntityId("purse", gift.To), "vault.receive", new Receive($"{gift.Id}>", gift.Gold));
        return Note(turn, new Note(gift.Id));
    }
}

internal static class SketchRules
{
    public static readonly KindOptions Options = new() { Durability = Durability.OnDeactivation };
}
