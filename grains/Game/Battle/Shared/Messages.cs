using System.Text.Json.Serialization;

namespace Battle;

/// <summary>Arguments of <c>battle.open</c>: who may join.</summary>
public sealed record Open(IReadOnlyList<string> Players);

/// <param name="Skill"><c>strike</c>, <c>fireball</c> or <c>lightning</c>.</param>
/// <param name="Target">A fighter's name.</param>
public sealed record Cast(string Skill, string Target);

/// <param name="Damage">What the skill does in this version.</param>
/// <param name="Killed">This cast took the target's last hit point.</param>
/// <param name="Frame">The frame in which it was cast.</param>
/// <param name="ReadyAt">The frame from which the skill can be cast again.</param>
/// <param name="Landed">False when the target, the caster or the match was over before.</param>
public sealed record CastResult(int Damage, bool Killed, long Frame, long ReadyAt, bool Landed);

/// <summary>What <c>battle.look</c> and <c>battle.join</c> answer.</summary>
/// <param name="Winner">Set when the match is over and was won.</param>
/// <param name="Gold">The winner's prize.</param>
public sealed record View(Phase Phase, long Frame, IReadOnlyList<FighterView> Fighters, string? Winner, long Gold);

public sealed record FighterView(string Name, int HitPoints, int? Shield = null);

[JsonConverter(typeof(JsonStringEnumConverter<Phase>))]
public enum Phase
{
    /// <summary>Nobody opened the room.</summary>
    [JsonStringEnumMemberName("empty")] Empty,
    /// <summary>Waiting for all who were matched.</summary>
    [JsonStringEnumMemberName("gathering")] Gathering,
    [JsonStringEnumMemberName("fighting")] Fighting,
    [JsonStringEnumMemberName("over")] Over,
}

// Events, battle.frame and so on.
public sealed record FrameEvent(long Frame);
public sealed record Started(IReadOnlyList<string> Players);
public sealed record Hit(string Caster, string Target, string Skill, int Damage, bool Killed);
public sealed record Won(string Winner, long Gold);
public sealed record Drawn(string Why);

// Arguments of other modules' operations. Only bytes cross, so each module keeps its own copy.
public sealed record Credit(long Amount);
public sealed record Deed(string Name);
public sealed record Hurt(int Damage);
