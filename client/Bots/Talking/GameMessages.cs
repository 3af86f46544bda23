using System.Text.Json.Serialization;

namespace Evergrain.Bots.Talking;

// What the sample game's operations take and answer, as its README lists it; the bots know the doors only, no module.
internal sealed record NoArguments;
internal sealed record QueueFor(int Size);
internal sealed record Place(string State, string? Room, IReadOnlyList<string>? Players);
internal sealed record Matched(string Room, IReadOnlyList<string> Players);
internal sealed record RoomView(string Phase, long Frame, IReadOnlyList<FighterView> Fighters, string? Winner, long Gold);
internal sealed record FighterView(string Name, int HitPoints);
internal sealed record CastSkill(string Skill, string Target);
internal sealed record CastResult(int Damage, bool Killed, long Frame, long ReadyAt, bool Landed);
internal sealed record FrameEvent(long Frame);
internal sealed record QuestName(string Quest);
internal sealed record QuestLog(IReadOnlyList<OpenQuest> Open);
internal sealed record OpenQuest(string Quest, int Done, int Goal);
internal sealed record Reward(string Quest, long Gold, string Item);
internal sealed record PlayerView(int HitPoints, IReadOnlyList<Item> Inventory);
internal sealed record Item(string Name, long Count);
internal sealed record UseItem(string Item);
internal sealed record Purse(long Balance);
internal sealed record Transfer(string To, long Amount);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NoArguments))]
[JsonSerializable(typeof(QueueFor))]
[JsonSerializable(typeof(Place))]
[JsonSerializable(typeof(Matched))]
[JsonSerializable(typeof(RoomView))]
[JsonSerializable(typeof(CastSkill))]
[JsonSerializable(typeof(CastResult))]
[JsonSerializable(typeof(FrameEvent))]
[JsonSerializable(typeof(QuestName))]
[JsonSerializable(typeof(QuestLog))]
[JsonSerializable(typeof(OpenQuest))]
[JsonSerializable(typeof(Reward))]
[JsonSerializable(typeof(PlayerView))]
[JsonSerializable(typeof(UseItem))]
[JsonSerializable(typeof(Purse))]
[JsonSerializable(typeof(Transfer))]
internal sealed partial class GameJson : JsonSerializerContext;
