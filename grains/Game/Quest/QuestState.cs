using System.Text.Json.Serialization;
using Evergrain.ModuleSdk;

namespace Quest;

/// <summary>The player's slice of this module: quests that were accepted and not finished.</summary>
public sealed record QuestState(IReadOnlyList<OpenQuest> Open)
{
    public OpenQuest? Find(string quest) => Open.FirstOrDefault(open => open.Quest == quest);
}

public sealed record OpenQuest(string Quest, int Done, int Goal)
{
    public OpenQuest Step() => this with { Done = Math.Min(Goal, Done + 1) };
}

public sealed record QuestName(string Quest);
public sealed record Deed(string Name);
public sealed record Reward(string Quest, int Gold, string Item);

/// <summary>Arguments of <c>player.receive</c> and <c>wallet.credit</c>. Only bytes cross between modules, so each keeps its own copy.</summary>
public sealed record Item(string Name, long Count);
public sealed record Credit(long Amount);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(QuestState))]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(QuestName))]
[JsonSerializable(typeof(Deed))]
[JsonSerializable(typeof(Reward))]
[JsonSerializable(typeof(Item))]
[JsonSerializable(typeof(Credit))]
public sealed partial class QuestJson : JsonSerializerContext;
