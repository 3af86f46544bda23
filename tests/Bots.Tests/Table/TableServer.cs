using System.Text;
using Evergrain.Bots.Talking;
using Evergrain.Contracts;
using Evergrain.Game.Tests.Table;
using Evergrain.ModuleSdk;

namespace Evergrain.Bots.Tests.Table;

/// <summary>The game on the table, as the bots see a host: replies with version and epoch, events with sequence numbers, keys that run
/// once, frames 20 times a second. A planted <see cref="Bug"/> makes it break one promise.</summary>
sealed class TableServer
{
    readonly GameTable table = new();
    readonly Dictionary<string, string> versions = new() { ["battle"] = "1.0.0" };
    readonly Dictionary<(string Player, Guid Key), CallReply> answered = [];
    readonly Dictionary<EntityId, long> sequences = [];
    readonly List<(EntityId Entity, Action<GameEvent> OnEvent, TableLine Line)> ears = [];
    readonly ITimer frames;
    long epoch = 1;
    long calls;
    int told, frameEvents;

    public TableServer(TimeProvider time, Bug bug = Bug.None)
    {
        (Time, Bug) = (time, bug);
        frames = time.CreateTimer(_ => Frame(), null, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50));
    }

    public TimeProvider Time { get; }
    public Bug Bug { get; }
    public Action<string>? OnStray { get; set; }

    public void Serve(string battle)
    {
        table.Serve($"battle@{battle}");
        versions["battle"] = battle;
        epoch++;
    }

    public void Listen(EntityId entity, Action<GameEvent> onEvent, TableLine line) => ears.Add((entity, onEvent, line));
    public void Forget(EntityId entity, TableLine line) => ears.RemoveAll(ear => ear.Entity == entity && ear.Line == line);
    public void Stop() => frames.Dispose();

    public CallReply? Call(string player, EntityId to, string operation, ReadOnlyMemory<byte> arguments, Guid key)
    {
        calls++;
        if (Bug == Bug.LosesReplies && calls % 100 == 0) return null;
        if (Bug == Bug.RunsTwice && operation == "wallet.transfer") table.Call("x", to.ToString(), "wallet.credit", """{"amount":3}""");
        if (answered.TryGetValue((player, key), out var again) && Bug != Bug.ForgetsKeys) return again;
        var reply = Run(player, to, operation, arguments);
        if (Bug == Bug.Refuses && calls % 10 == 0) reply = CallReply.Failed(new CallError(ErrorCodes.Overloaded, Ran.No, "Too much.", "Later."), epoch);
        if (Bug == Bug.AnswersTwice && calls % 100 == 0) OnStray?.Invoke(operation);
        answered[(player, key)] = reply;
        Tell();
        return reply;
    }

    CallReply Run(string player, EntityId to, string operation, ReadOnlyMemory<byte> arguments)
    {
        var module = operation.Split('.')[0];
        var version = versions.GetValueOrDefault(module, "1.0.0");
        if (Bug == Bug.NamesAnotherVersion && calls % 50 == 0) version = "2.0.0";
        var ranAt = Bug == Bug.EpochFalls && epoch > 1 && calls % 20 == 0 ? epoch - 1 : epoch;
        if (operation == "battle.dance") return CallReply.Failed(new CallError(ErrorCodes.UnknownOperation, Ran.No, "No.", "No."), epoch);
        try
        {
            var result = table.Call(player, to.ToString(), operation, Encoding.UTF8.GetString(arguments.Span));
            return new CallReply { Result = Encoding.UTF8.GetBytes(result.GetRawText()), Module = new(module, version), Epoch = ranAt };
        }
        catch (RejectedException no)
        {
            var error = new CallError(ErrorCodes.Rejected, Ran.No, no.Message, "Play by the rules.") { Reason = no.Reason };
            return CallReply.Failed(error, ranAt, new(module, version));
        }
    }

    void Frame()
    {
        if (Bug == Bug.RunsTooFast && calls % 2 == 0) table.RunFrames(1);
        table.RunFrames(1);
        Tell();
    }

    void Tell()
    {
        for (; told < table.Events.Count; told++)
        {
            var (from, name, data) = table.Events[told];
            if (Bug == Bug.SkipsFrames && name == "battle.frame" && ++frameEvents % 100 == 0) continue;
            var sequence = sequences[from] = sequences.GetValueOrDefault(from) + 1;
            var happened = new GameEvent(from, sequence, name, Encoding.UTF8.GetBytes(data), default, epoch);
            foreach (var ear in ears.Where(ear => ear.Entity == from).ToArray()) ear.Line.Hear(happened, ear.OnEvent);
        }
        table.Events.Clear();
        table.Sends.Clear();
        told = 0;
    }
}

enum Bug { None, LosesReplies, AnswersTwice, RunsTwice, ForgetsKeys, NamesAnotherVersion, EpochFalls, SkipsFrames, RunsTooFast, Refuses }
