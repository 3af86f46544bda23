using System.Text;
using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Game.Tests.Table;

/// <summary>Plays the modules against each other without a silo: turns run where they are called, sends arrive after the turn, frames
/// when the test says so. Bytes cross, as between real modules.</summary>
sealed class GameTable
{
    readonly Dictionary<string, ModuleDefinition> modules = [];
    readonly Dictionary<(string Module, EntityId Entity), object> states = [];
    readonly Dictionary<EntityId, long> frames = [];
    readonly HashSet<EntityId> ticking = [];
    readonly List<(EntityId Entity, long Due, ScheduledCall Call)> schedule = [];

    public List<Told> Events { get; } = [];
    public List<Sent> Sends { get; } = [];

    public GameTable(string battle = "battle@1.0.0")
    {
        foreach (var module in new[] { battle, "lobby@1.0.0", "player@1.0.0", "quest@1.0.0", "wallet@1.0.0" }) Serve(module);
    }

    /// <summary>Serves a version from now on, and brings its states over through bytes and migration steps.</summary>
    public void Serve(string module)
    {
        var next = GameAssemblies.Load(module);
        if (modules.TryGetValue(next.Name, out var old))
            foreach (var key in states.Keys.Where(key => key.Module == next.Name).ToArray())
            {
                var (from, to) = (old.Slices[0], next.Slices[0]);
                var bytes = from.Encode(states[key]);
                if (from.Schema != to.Schema)
                    bytes = from.Steps.Concat(to.Steps).Single(step => step.From == from.Schema && step.To == to.Schema).Migrate(bytes);
                states[key] = to.Decode(bytes);
            }
        modules[next.Name] = next;
    }

    /// <exception cref="RejectedException">The rules say no.</exception>
    public JsonElement Call(string caller, string entity, string operation, string arguments = "{}")
    {
        var result = Turn(caller, EntityId.Parse(entity), operation, Encoding.UTF8.GetBytes(arguments));
        return JsonDocument.Parse(result).RootElement;
    }

    public void RunFrames(int count)
    {
        for (var i = 0; i < count; i++)
            foreach (var entity in frames.Keys.ToArray()) RunFrame(entity);
    }

    public string StateOf(string module, string entity) =>
        Encoding.UTF8.GetString(modules[module].Slices[0].Encode(states[(module, EntityId.Parse(entity))]));

    public bool Exists(string module, string entity) => states.ContainsKey((module, EntityId.Parse(entity)));

    void RunFrame(EntityId entity)
    {
        if (!ticking.Contains(entity) && schedule.All(entry => entry.Entity != entity)) return;
        var frame = ++frames[entity];
        foreach (var due in schedule.Where(entry => entry.Entity == entity && entry.Due <= frame).ToArray())
        {
            schedule.Remove(due);
            Turn(entity.ToString(), entity, due.Call.Operation, due.Call.Arguments);
        }
        if (!ticking.Contains(entity)) return;
        Apply(entity.Kind, entity, entity.ToString(), (slice, context) =>
        {
            slice.Frame!.Invoke(context);
            return default;
        });
    }

    ReadOnlyMemory<byte> Turn(string caller, EntityId entity, string operation, ReadOnlyMemory<byte> arguments)
    {
        frames.TryAdd(entity, 0);
        var result = Apply(operation.Split('.')[0], entity, caller, (slice, context) =>
        {
            var running = slice.Operations[operation].Invoke(context, arguments);
            Assert.True(running.IsCompletedSuccessfully);
            return running.Result;
        });
        return result;
    }

    ReadOnlyMemory<byte> Apply(string module, EntityId entity, string caller, Func<SliceDefinition, TurnContext, ReadOnlyMemory<byte>> run)
    {
        var slice = modules[module].Slices.Single(slice => slice.Kind == entity.Kind);
        var context = new FakeTurnContext(entity, caller, frames[entity], states.GetValueOrDefault((module, entity)) ?? slice.Initial(entity));
        var result = run(slice, context);
        // Through bytes, so that a state that does not come back whole is found.
        states[(module, entity)] = slice.Decode(slice.Encode(context.State));
        if (context.Frames is { } on) _ = on ? ticking.Add(entity) : ticking.Remove(entity);
        if (context.Destroyed) states.Remove((module, entity));
        schedule.AddRange(context.Scheduled.Select(call => (entity, frames[entity] + call.InFrames, call)));
        Events.AddRange(context.Events);
        Sends.AddRange(context.Sends);
        foreach (var sent in context.Sends) Turn(sent.From.ToString(), sent.To, sent.Operation, sent.Arguments);
        return result;
    }
}
