using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.ModulePackaging;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Migrations;

namespace Evergrain.Runtime.Samples;

/// <summary>Plays one sample on a module's code. Whatever that throws becomes text here.</summary>
internal sealed class SamplePlay(string file, Sample sample, ModuleDefinition definition)
{
    const string Mend = "Mend the module, or the sample where it is out of date.";
    readonly List<Finding> findings = [];

    public IReadOnlyList<Finding> Run()
    {
        if (definition.Slices.FirstOrDefault(slice => slice.Kind == sample.Kind) is not { } slice)
            Unreadable("kind", $"the module has no slice of {sample.Kind}.");
        else if (sample.Operation is not { } name) Finish(slice, Start(slice), static _ => new SampleOutcome());
        else if (!slice.Operations.TryGetValue(name, out var operation)) Unreadable("operation", $"the module has no operation {name} on {slice.Kind}.");
        else if (SampleBytes.OfArguments(sample.Arguments, operation.Raw) is not { } arguments) Unreadable("arguments", $"{name} is raw: write its arguments as a string in base64.");
        else Finish(slice, Start(slice), turn => Invoke(turn, operation, arguments));
        return findings;
    }

    void Finish(SliceDefinition slice, object? state, Func<SampleTurn, SampleOutcome?> play)
    {
        if (state is null) return;
        var turn = new SampleTurn(sample, state);
        if (play(turn) is not { } outcome) return;
        // A turn is all or nothing.
        var after = outcome.Rejected is null ? turn.State : state;
        if (Try("state", "Writing the state", () => slice.Encode(after)) is not { } encoded) return;
        outcome = outcome with { State = SampleBytes.ToJson(encoded) };
        if (outcome.Rejected is null) outcome = outcome with { Sends = turn.Sends, Events = turn.Events, Schedules = turn.Schedules };
        foreach (var difference in SampleDifference.Compare(sample.Expect, outcome)) Different(difference, "");
    }

    /// <summary>The state in which the turn begins; null with a finding when there is none.</summary>
    object? Start(SliceDefinition slice)
    {
        if (sample.State is not { } state) return Try("state", "Making the first state", () => slice.Initial(new EntityId(sample.Kind, sample.Key)));
        var bytes = SampleBytes.Utf8(state);
        if ((sample.Schema == slice.Schema ? bytes : Migrate(slice, bytes)) is not { } now) return null;
        return Try("state", $"Reading the state of schema {slice.Schema}", () => slice.Decode(now));
    }

    byte[]? Migrate(SliceDefinition slice, byte[] old)
    {
        var from = sample.Schema!.Value;
        var paths = MigrationPaths.Of(new ModuleId(definition.Name, definition.Version), slice);
        if (paths.Find(from, slice.Schema) is not { } up)
        {
            Unreadable("schema", $"{definition.Name}@{definition.Version} has no step of {slice.Kind} from schema {from} to {slice.Schema}.");
            return null;
        }
        var now = Migrate(up, old);
        if (now is null || sample.OneWay || paths.Find(slice.Schema, from) is not { } down) return now;
        if (Migrate(down, now) is not { } back) return null;
        // What an optional field of the older schema has by default stands there afterwards, so there may be more; nothing may be lost.
        foreach (var difference in SampleDifference.Compare("state", sample.State!.Value, SampleBytes.ToJson(back), mayHaveMore: true))
            Different(difference, $" after it went up to schema {slice.Schema} and down to {from} again");
        return now;
    }

    byte[]? Migrate(MigrationChain chain, byte[] state)
    {
        try
        {
            return chain.Migrate(state);
        }
        catch (MigrationFailedException failed)
        {
            Failed("state", failed.Message, Mend);
            return null;
        }
    }

    SampleOutcome? Invoke(SampleTurn turn, OperationDefinition operation, byte[] arguments)
    {
        SampleOutcome? outcome = null;
        try
        {
            var running = operation.Invoke(turn, arguments);
            if (running.IsCompleted)
            {
                var result = running.GetAwaiter().GetResult();
                outcome = new SampleOutcome(operation.Raw ? SampleBytes.Base64(result) : SampleBytes.ToJson(result));
            }
            else if (turn.Called is null) Calls("waits for something that a sample cannot bring");
        }
        catch (RejectedException no)
        {
            outcome = new SampleOutcome(Rejected: no.Reason);
        }
        catch (BadArgumentsException wrong)
        {
            Unreadable("arguments", $"the arguments do not fit {operation.Name}. {wrong.Message}");
        }
        catch (Exception wrong)
        {
            if (turn is { Called: null, MissingData: null }) Failed("operation", $"{operation.Name} threw {ModuleEntry.Text(wrong)}", Mend);
        }
        // Even where the handler went on without it: what comes of that is not what a game would do.
        if (turn.Called is { } called) Calls($"calls {called}");
        if (turn.MissingData is { } dataSet) Failed("data", $"{operation.Name} reads the data set {dataSet}, which the sample does not bring.", $"Give the sample \"data\": {{ \"{dataSet}\": … }}.");
        return turn is { Called: null, MissingData: null } ? outcome : null;
    }

    T? Try<T>(string where, string what, Func<T> run) where T : class
    {
        try
        {
            return run();
        }
        catch (JsonException wrong)
        {
            Unreadable(where, $"{what} failed: {wrong.Message}");
        }
        catch (Exception wrong)
        {
            Failed(where, $"{what} threw {ModuleEntry.Text(wrong)}", Mend);
        }
        return null;
    }

    void Unreadable(string where, string message) => Add("unreadable", where, $"{file} is no sample of this module: {message}", "Mend the sample.");
    void Failed(string where, string message, string next) => Add("failed", where, $"{file} failed: {message}", next);
    void Calls(string what) => Add("calls-others", "operation", $"{file}: {sample.Operation} {what}.", "Take a sample that stays within its entity; what lies beyond belongs into the game's tests.");

    void Different(SampleDifference difference, string when) =>
        Add("different", difference.Path, $"{file}: {difference.Path} is {difference.Actual}{when}; expected was {difference.Expected}.", Mend);

    void Add(string code, string where, string message, string next) =>
        findings.Add(new Finding($"sample/{code}", $"{file}: {where}", message, next) { Module = $"{definition.Name}@{definition.Version}" });
}
