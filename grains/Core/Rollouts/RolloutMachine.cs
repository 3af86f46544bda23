using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Core.Rollouts;

// phase      | every silo that counts …                  | one refused for good | past its clock      | abort asked | undo asked
// -----------+-------------------------------------------+----------------------+---------------------+-------------+------------------
// requested  | (at once) preparing                       | -                    | -                   | aborting    | refused: running
// preparing  | prepared it: prepared                     | aborting, once all   | deadline: aborting  | aborting    | refused: running
//            |                                           |   have decided       |                     |             |
// prepared   | prepared it still: commit, draining;      | aborting             | deadline: aborting  | aborting    | refused: running
//            |   a dry run: aborting                     |                      |                     |             |
// draining   | serves it, the replaced is gone: permanent| -                    | stuck bound, drain  | refused:    | permanent, with
//            |                                           |                      |   bound: permanent, |   committed |   a finding, then
//            |                                           |                      |   with findings     |             |   the undo begins
// aborting   | is rid of what it prepared: aborted       | -                    | stuck, abort bound: | stays       | refused: running
//            |                                           |                      |   aborted, findings |             |
// permanent, | a new rollout may begin                   | -                    | -                   | refused:    | a new rollout
// aborted    |                                           |                      |                     |   ended     |   begins
//
// A silo counts when it is enrolled and has not left. Steps of a canary, baking and pausing stand between prepared and permanent: each is a
// phase with its own row, and each change of routing a release of its own, written like the commit.

/// <summary>Decides what becomes of a rollout. Pure: no clock, no store; what it wants done it says. One step wants at most one write, and
/// goes on when it is told the record that came of it.</summary>
public static class RolloutMachine
{
    /// <summary>Takes in what happened, and says what to do about it.</summary>
    public static (RolloutState State, IReadOnlyList<RolloutEffect> Effects) Step(RolloutState state, RolloutEvent happened, DateTimeOffset now, RolloutOptions options)
    {
        var next = happened switch
        {
            RolloutEvent.RecordRead read => state.Take(read.Record, now),
            RolloutEvent.Reported reported => state.Take(reported.Report),
            RolloutEvent.Ticked ticked => state.Take(ticked.LiveSilos, now),
            _ => state,
        };
        var wanted = happened switch
        {
            RolloutEvent.Requested requested => Begin(next, requested.Rollout, now, options),
            RolloutEvent.AbortAsked asked => Abort(next, asked, now, options),
            RolloutEvent.UndoAsked asked => EndDraining(next, asked, now, options),
            _ => Advance(next, now, options),
        };
        return (next, wanted is null ? [] : [wanted]);
    }

    static RolloutEffect? Advance(RolloutState state, DateTimeOffset now, RolloutOptions options) => state.Record.Rollout?.Phase switch
    {
        RolloutPhase.Requested => Enter(state, RolloutPhase.Preparing, [], now, options),
        RolloutPhase.Preparing or RolloutPhase.Prepared => Prepare(state, now, options),
        RolloutPhase.Draining => Drain(state, now, options),
        RolloutPhase.Aborting => GoBack(state, now, options),
        _ => null,
    } ?? DropLeft(state, now, options);

    static RolloutEffect? Prepare(RolloutState state, DateTimeOffset now, RolloutOptions options)
    {
        var rollout = state.Record.Rollout!;
        var silos = Standing.Present(state, now, options).ToList();
        if (now >= state.Deadline) return Enter(state, RolloutPhase.Aborting, [RolloutFindings.Deadline(rollout, NotReady(state)), .. RolloutFindings.Reported(state)], now, options);
        if (silos.Contains(SiloStanding.Refused) && !silos.Exists(silo => silo is SiloStanding.Waiting or SiloStanding.Preparing))
            return Enter(state, RolloutPhase.Aborting, RolloutFindings.Reported(state), now, options);
        // A cluster without silos has proved nothing.
        if (silos.Count == 0 || silos.Exists(silo => silo is not SiloStanding.Prepared)) return null;
        return rollout switch
        {
            { Phase: RolloutPhase.Preparing } => Enter(state, RolloutPhase.Prepared, [], now, options),
            { DryRun: true } => Enter(state, RolloutPhase.Aborting, [], now, options),
            _ => Commit(state, now, options),
        };
    }

    static RolloutEffect Commit(RolloutState state, DateTimeOffset now, RolloutOptions options)
    {
        var rollout = state.Record.Rollout!;
        var release = new Release
        {
            Epoch = state.Record.Epoch + 1, Packages = rollout.Packages, Migrators = rollout.Migrators, Changes = rollout.Changes,
            Actor = rollout.Actor, Reason = rollout.Reason, At = now, RolloutId = rollout.Id, Undoes = rollout.Undoes,
        };
        return Enter(state, RolloutPhase.Draining, [], now, options, release);
    }

    static RolloutEffect? Drain(RolloutState state, DateTimeOffset now, RolloutOptions options)
    {
        var silos = Standing.Present(state, now, options).ToList();
        var (age, rollout) = (now - state.PhaseSince, state.Record.Rollout!);
        if (silos.Count > 0 && silos.TrueForAll(silo => silo is SiloStanding.Done)) return Enter(state, RolloutPhase.Permanent, [], now, options);
        var stuck = silos.Count > 0 && silos.TrueForAll(silo => silo is SiloStanding.Done or SiloStanding.Stuck) && age >= options.StuckBound;
        return stuck || age >= options.DrainBound
            ? Enter(state, RolloutPhase.Permanent, RolloutFindings.Leftovers(state, rollout.Replaced), now, options)
            : null;
    }

    static RolloutEffect? GoBack(RolloutState state, DateTimeOffset now, RolloutOptions options)
    {
        var silos = Standing.Present(state, now, options).ToList();
        var (age, record) = (now - state.PhaseSince, state.Record);
        if (silos.TrueForAll(silo => silo is SiloStanding.Done)) return Enter(state, RolloutPhase.Aborted, [], now, options);
        var stuck = silos.TrueForAll(silo => silo is SiloStanding.Done or SiloStanding.Stuck) && age >= options.StuckBound;
        return stuck || age >= options.AbortBound
            ? Enter(state, RolloutPhase.Aborted, RolloutFindings.Leftovers(state, record.Rollout!.Packages.Except(record.Release.Packages)), now, options)
            : null;
    }

    static RolloutEffect? Begin(RolloutState state, Rollout rollout, DateTimeOffset now, RolloutOptions options) =>
        state.Record.Rollout is { Ended: false } || state.Record.Epoch != rollout.FromEpoch ? null : Write(state, state.Record.Release, rollout, before: null, now, options);

    static RolloutEffect? Abort(RolloutState state, RolloutEvent.AbortAsked asked, DateTimeOffset now, RolloutOptions options) =>
        state.Record.Rollout is { Prepares: true } rollout && rollout.Id == asked.RolloutId
            ? Enter(state, RolloutPhase.Aborting, [RolloutFindings.Aborted(rollout, asked.Actor, asked.Reason), .. RolloutFindings.Reported(state)], now, options)
            : null;

    static RolloutEffect? EndDraining(RolloutState state, RolloutEvent.UndoAsked asked, DateTimeOffset now, RolloutOptions options) =>
        state.Record.Rollout is { Phase: RolloutPhase.Draining } rollout && rollout.Id == asked.RolloutId
            ? Enter(state, RolloutPhase.Permanent, [RolloutFindings.UndoneWhileDraining(rollout)], now, options)
            : null;

    static RolloutEffect? DropLeft(RolloutState state, DateTimeOffset now, RolloutOptions options) =>
        state.Record.Silos.Any(silo => state.HasLeft(silo, now, options)) ? Write(state, state.Record.Release, state.Record.Rollout, state.Record.Rollout, now, options) : null;

    static RolloutEffect Enter(RolloutState state, RolloutPhase phase, IEnumerable<Finding> findings, DateTimeOffset now, RolloutOptions options, Release? commit = null)
    {
        var before = state.Record.Rollout!;
        var rollout = before.Enter(phase, now) with
        {
            Epoch = commit?.Epoch ?? before.Epoch,
            Silos = SiloRows.Of(state, now, options),
            Findings = RolloutFindings.Union(before.Findings, findings),
            Accepted = RolloutFindings.Union(before.Accepted, RolloutFindings.Accepted(state)),
        };
        return Write(state, commit ?? state.Record.Release, rollout, before, now, options);
    }

    // Whatever is written, silos that have left are not in it: from then on no commit waits for them, and one that comes back enrols again.
    static RolloutEffect Write(RolloutState state, Release release, Rollout? rollout, Rollout? before, DateTimeOffset now, RolloutOptions options)
    {
        var left = state.Record.Silos.Where(silo => state.HasLeft(silo, now, options)).ToList();
        var next = state.Record with { Release = release, Rollout = rollout, Silos = [.. state.Record.Silos.Except(left)] };
        var then = new List<RolloutEffect>();
        if (rollout is not null && !ReferenceEquals(rollout, before)) then.Add(new RolloutEffect.PhaseEntered(before, rollout));
        then.AddRange(left.Select(silo => new RolloutEffect.SiloLeft(silo.Id)));
        then.Add(new RolloutEffect.HintSilos([.. next.Silos.Select(silo => silo.Id)]));
        return new RolloutEffect.WriteRecord(next, then);
    }

    static IEnumerable<string> NotReady(RolloutState state) =>
        state.Record.Silos.Where(silo => Standing.Of(state, silo) is not SiloStanding.Prepared).Select(silo => silo.Id);
}
