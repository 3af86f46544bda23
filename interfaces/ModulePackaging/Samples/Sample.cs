using System.Text.Json;
using System.Text.Json.Serialization;

namespace Evergrain.ModulePackaging;

/// <summary>One file of <c>samples/</c>: a call in a state, and what must come of it. A silo plays it on the new code before that may
/// serve. It stands for itself: it reads no other entity and no data set but those that it brings.</summary>
/// <param name="Kind">Of the entity; the module has a slice of it.</param>
/// <param name="Expect">What must come of it.</param>
/// <param name="Key">Of the entity. Default <c>sample</c>.</param>
/// <param name="Caller">A player's name or an entity id. Default <c>sample</c>.</param>
/// <param name="Frame">The entity's frame, 0 or more. Default 0.</param>
/// <param name="Now">When the turn starts. Default 1970-01-01T00:00:00Z.</param>
/// <param name="Seed">Of the turn's chance. Default 1.</param>
/// <param name="Schema">Of <paramref name="State"/>, from 1; an older state is brought up first, and down again where there is a step.</param>
/// <param name="State">The module's slice before the call; the first state of the entity where it is left out.</param>
/// <param name="Operation">Full name, <c>module.operation</c>; without one the state is only brought up.</param>
/// <param name="Arguments">JSON; of a raw operation its bytes in base64.</param>
/// <param name="Data">Data sets by name, for <c>turn.Data</c>.</param>
/// <param name="OneWay">What a state loses on its way up and down again is accepted. Default false.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record Sample(
    string Kind, SampleOutcome Expect, string Key = "sample", string Caller = "sample", long Frame = 0, DateTimeOffset? Now = null, ulong Seed = 1,
    int? Schema = null, JsonElement? State = null, string? Operation = null, JsonElement? Arguments = null,
    IReadOnlyDictionary<string, JsonElement>? Data = null, bool OneWay = false);

/// <summary>What must come of a sample, or what came of it. Only what is named is compared.</summary>
/// <param name="Result">JSON; of a raw operation its bytes in base64.</param>
/// <param name="Rejected">The reason with which the rules say no.</param>
/// <param name="State">The slice after the turn, in the module's schema.</param>
/// <param name="Sends">All, in order.</param>
/// <param name="Events">All, in order.</param>
/// <param name="Schedules">All, in order.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SampleOutcome(
    JsonElement? Result = null, string? Rejected = null, JsonElement? State = null,
    IReadOnlyList<SampleSend>? Sends = null, IReadOnlyList<SampleEvent>? Events = null, IReadOnlyList<SampleSchedule>? Schedules = null);

/// <param name="To">An entity id.</param>
/// <param name="Arguments">Compared where they are named.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SampleSend(string To, string Operation, JsonElement? Arguments = null);

/// <param name="Name"><c>module.event</c>.</param>
/// <param name="Data">Compared where it is named.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SampleEvent(string Name, JsonElement? Data = null);

/// <param name="Arguments">Compared where they are named.</param>
/// <param name="EveryFrames">Null for once.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SampleSchedule(string Operation, long InFrames, JsonElement? Arguments = null, long? EveryFrames = null, int Priority = 0, long? ExpiresInFrames = null);
