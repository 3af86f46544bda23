namespace Evergrain.Simulator.Game;

/// <summary>Every change that a player asks for has an id of its own, and the state keeps all that were applied: so a checker can count.</summary>
internal sealed record Credit(string Id, int Gold);
internal sealed record Transfer(string Id, string To, int Gold);
internal sealed record Hit(string Id);

/// <summary>Ends a wallet, with all the gold in it; whoever calls it next makes it anew.</summary>
internal sealed record Close(string Id);

/// <param name="Fails">The handler is to throw, after it has changed its state.</param>
internal sealed record Ask(string Id, string To, bool Fails);

/// <param name="Version">Of the code that answers.</param>
/// <param name="Tuning">The number of the data set that the turn read; <paramref name="TuningAtEnd"/>, the number that it read last.</param>
internal sealed record PurseView(string Version, int Tuning, int TuningAtEnd, int Gold, string? Note);
internal sealed record HallView(string Version, int Tuning, int TuningAtEnd, int Hits, long Frames, long LastFrame, bool Gap, HallView? Other);
internal sealed record BadgeView(string Version, int Count);

/// <summary>The event of a hit.</summary>
/// <param name="Id">Of the hit.</param>
internal sealed record HallHit(string Version, int Hits, string Id);

/// <summary>The event of gold that came or went.</summary>
/// <param name="Id">Of the change.</param>
internal sealed record PurseMoved(string Version, int Gold, string Id);

/// <summary>A data set.</summary>
internal sealed record Tuning(int Number);
