using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Checks;

/// <summary>P1: every accepted call gets exactly one result or one typed error, in time.</summary>
internal sealed class AnsweredOnce() : Checker("P1")
{
    // Beyond the deadline: what a caller's transport needs to find out that no answer comes.
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(6);

    readonly Dictionary<(int Call, int Attempt), CallBegan> open = [];
    readonly HashSet<(int Call, int Attempt)> answered = [];

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case CallBegan began:
                open.Add((began.Call, began.Attempt), began);
                break;
            case CallEnded ended:
                End(ended);
                break;
            case FaultTook { Kind: FaultKind.Restore }:
                // They were answered in the life before.
                open.Clear();
                break;
        }
    }

    public override void AtEnd(Outcome outcome)
    {
        foreach (var began in open.Values) Broken(outcome.At, $"call {began.Call} try {began.Attempt}, {began.Request.Operation} of {began.Request.Entity}, has no answer.");
    }

    void End(CallEnded ended)
    {
        if (!answered.Add((ended.Call, ended.Attempt))) Broken(ended.At, $"call {ended.Call} try {ended.Attempt} has two answers.");
        if (!open.Remove((ended.Call, ended.Attempt), out var began)) return;
        if (ended.At > began.Request.Deadline!.Value - Clock.Start + Grace)
            Broken(ended.At, $"call {ended.Call} try {ended.Attempt} was answered {ended.At - began.At} after it began.");
    }
}
