using Evergrain.Contracts;

namespace Evergrain.Simulator.Observations;

/// <summary>The game's code runs: it says so itself.</summary>
/// <param name="Life">Which life of the silo, for a name may come back while the process that had it runs on.</param>
/// <param name="Frame">The number of the frame; null for what is none.</param>
internal sealed record CodeRan(string Silo, int Life, EntityId Entity, ModuleId Module, string What, long? Frame = null) : Observation
{
    public override void Say(Telling to) => to.Say($"{Module} on {Silo}: {What}{(Frame is { } frame ? $" {frame}" : "")} of {Entity}");
}

/// <summary>A piece of the game's code that waits has begun or ended.</summary>
internal sealed record CodeBusy(string Silo, int Life, EntityId Entity, ModuleId Module, string What, bool Begins) : Observation
{
    public override void Say(Telling to) => to.Say($"{Module} on {Silo}: {What} of {Entity} {(Begins ? "begins" : "ends")}");
}

/// <summary>A step from one schema to another is run.</summary>
internal sealed record CodeMigrates(string Silo, int Life, ModuleId Module) : Observation
{
    public override void Say(Telling to) => to.Say($"{Module} migrates on {Silo}");
}

internal sealed record CodeMoved(string Silo, int Life, ModuleId Module, CodeMove Move) : Observation
{
    public override void Say(Telling to) => to.Say($"{Module} is {Word(Move)} on {Silo}");

    static string Word(CodeMove move) => move switch { CodeMove.Loaded => "loaded", CodeMove.Unloaded => "unloaded", CodeMove.Held => "held after it was unloaded", _ => "let go" };
}

/// <summary>What becomes of a version's code on one silo.</summary>
internal enum CodeMove
{
    Loaded,
    Unloaded,
    /// <summary>Unloaded, yet something holds on to it.</summary>
    Held,
    LetGo,
}
