using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Checks;

/// <summary>P11: code is unloaded only when nothing of it runs, and its slot is reported gone only when nothing holds it.</summary>
internal sealed class UnloadedWhenIdle(Known known) : Checker("P11")
{
    // A silo's clock may be so much ahead.
    static readonly TimeSpan LargestSkew = TimeSpan.FromSeconds(0.8);

    const string Ask = "ask ";

    // Until a silo has found that what it unloaded is held.
    static readonly TimeSpan ProofTakes = TimeSpan.FromSeconds(3);

    readonly List<CodeBusy> busy = [];
    readonly Dictionary<int, List<TimeSpan>> deadlines = [];
    readonly Dictionary<(int Life, ModuleId Module), Going> going = [];

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case CallBegan { Request.Operation: "room.ask" } began:
                if (!deadlines.TryGetValue(began.Call, out var all)) deadlines[began.Call] = all = [];
                all.Add(began.Request.Deadline!.Value - Clock.Start);
                break;
            case CodeRan ran:
                Runs(ran, ran.Life, ran.Silo, ran.Module, ran.What);
                break;
            case CodeBusy piece:
                Runs(piece, piece.Life, piece.Silo, piece.Module, piece.What);
                if (piece.Begins) busy.Add(piece);
                else busy.RemoveAt(busy.FindLastIndex(one => one.Life == piece.Life && one.Entity == piece.Entity && one.Module == piece.Module && one.What == piece.What));
                break;
            case CodeMoved moved:
                Move(moved);
                break;
            case SlotMoved { Slot.State: SlotState.Gone } moved:
                Gone(moved);
                break;
            case FaultsEnded ended:
                foreach (var ((life, module), code) in going)
                    if (code.Held > 0 && ended.At - code.HeldAt > ProofTakes && known.Silos.Find(life) is { Ends: false, Left: null } silo && !code.Stuck)
                        Broken(ended.At, $"{module} is held on {silo.Silo} since {code.HeldAt.TotalSeconds:0.000}, and nobody says so.");
                break;
            case SlotMoved { Slot.State: SlotState.Stuck } moved:
                if (moved.Slot.Findings.Count == 0) Broken(moved.At, $"{moved.Slot.Name}@{moved.Slot.Version} is stuck on {moved.Silo}, and nothing says why.");
                Of(moved.Life, new ModuleId(moved.Slot.Name, moved.Slot.Version)).Stuck = true;
                break;
        }
    }

    void Runs(Observation seen, int life, string silo, ModuleId module, string what)
    {
        if (known.Code.Count(life, module) == 0) Broken(seen.At, $"{module} runs {what} on {silo}, where it is not loaded.");
    }

    void Move(CodeMoved moved)
    {
        var code = Of(moved.Life, moved.Module);
        switch (moved.Move)
        {
            case CodeMove.Unloaded:
                code.Unloaded++;
                if (known.Code.Count(moved.Life, moved.Module) > 0) break;
                foreach (var piece in busy)
                    if (piece.Life == moved.Life && piece.Module == moved.Module && !IsGivenUp(piece, moved.At))
                        Broken(moved.At, $"{moved.Module} was unloaded on {moved.Silo} while {piece.What} of {piece.Entity} ran.");
                break;
            case CodeMove.Held:
                (code.Held, code.HeldAt, code.Stuck) = (code.Held + 1, moved.At, false);
                break;
            case CodeMove.LetGo:
                code.Held--;
                break;
        }
    }

    // A call that waits for another is given up at the deadline of the try that it is of: nothing of it runs on then, and nobody tells. So of several
    // tries it is the newest that ends.
    bool IsGivenUp(CodeBusy piece, TimeSpan now)
    {
        if (!piece.What.StartsWith(Ask, StringComparison.Ordinal) || known.Changes.Find(piece.What[Ask.Length..]) is not { } asked) return false;
        var skew = known.Troubles.Took(FaultKind.ClockSkew) ? LargestSkew : TimeSpan.Zero;
        return deadlines[asked.Call].Exists(deadline => deadline + skew >= piece.At && deadline - skew <= now);
    }

    void Gone(SlotMoved moved)
    {
        var module = new ModuleId(moved.Slot.Name, moved.Slot.Version);
        if (module.Name == "tuning") return;
        var code = Of(moved.Life, module);
        if (++code.Gone > code.Unloaded - code.Held) Broken(moved.At, $"{module} is reported gone on {moved.Silo}, and {(code.Held > 0 ? "is held" : "was not unloaded")}.");
    }

    Going Of(int life, ModuleId module)
    {
        if (!going.TryGetValue((life, module), out var code)) going[(life, module)] = code = new Going();
        return code;
    }

    /// <summary>What became of one version's code in one life of a silo.</summary>
    sealed class Going
    {
        public int Unloaded { get; set; }
        public int Held { get; set; }
        public TimeSpan HeldAt { get; set; }
        public int Gone { get; set; }
        public bool Stuck { get; set; }
    }
}
