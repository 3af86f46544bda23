using Evergrain.ModuleSdk;

namespace Battle;

/// <summary>What fighters do to each other.</summary>
static class Fight
{
    public static CastResult Cast(Turn<BattleState> turn, Cast cast)
    {
        var (state, caster, frame) = (turn.State, turn.Caller, turn.Frame);
        var skill = Skill.Find(cast.Skill) ?? throw turn.Reject("unknown-skill", $"There is no skill '{cast.Skill}'.");
        if (!state.Has(caster)) throw turn.Reject("not-in-this-match", $"{caster} has not joined {turn.Entity}.");
        if (!state.Has(cast.Target) || cast.Target == caster) throw turn.Reject("no-such-target", $"'{cast.Target}' is no opponent here.");
        if (state.Phase == Phase.Gathering) throw turn.Reject("not-started", "Not all players have joined.");

        // A blow that was on its way when the match ended lands on nobody; that is no mistake of the player, so it is not refused.
        var readyAt = state.ReadyAt(caster, skill.Name);
        if (state.Phase != Phase.Fighting || !state.IsAlive(caster) || !state.IsAlive(cast.Target))
            return new(skill.Damage, Killed: false, frame, readyAt, Landed: false);
        if (frame < readyAt) throw turn.Reject("cooldown", $"{skill.Name} is ready at frame {readyAt}; now is {frame}.");

        readyAt = frame + skill.Cooldown;
        turn.State = state.Hurt(cast.Target, skill.Damage).Cool(caster, skill.Name, readyAt);
        var killed = !turn.State.IsAlive(cast.Target);
        turn.Publish(new Hit(caster, cast.Target, skill.Name, skill.Damage, killed));
        if (killed) Match.EndIfDecided(turn);
        return new(skill.Damage, killed, frame, readyAt, Landed: true);
    }
}
