using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;
using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks;

/// <summary>P10: to prepare is to rehearse: what is live goes up and down in a copy before the commit, and a version that cannot take a live state is refused.</summary>
internal sealed class RehearsedBeforeCommit(Known known, bool rehearses) : Checker("P10")
{
    // An entity that nobody calls leaves memory after fifteen seconds.
    static readonly TimeSpan StaysInMemory = TimeSpan.FromSeconds(14);

    // What the store did not do for an entity, it may leave memory for until then.
    static readonly TimeSpan StoreIsFelt = TimeSpan.FromSeconds(2);

    readonly Dictionary<EntityId, CodeRan> ran = [];
    TimeSpan asked, moved;

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case CodeRan turn:
                ran[turn.Entity] = turn;
                break;
            case MemberMoved silo:
                moved = silo.At;
                break;
            case RecordStored { After.Rollout.Phase: RolloutPhase.Requested } stored when stored.Before.Rollout?.Id != stored.After.Rollout!.Id:
                asked = stored.At;
                break;
            case RecordStored { After.Rollout.Undoes: null } stored when rehearses && stored.After.Epoch > stored.Before.Epoch:
                Commit(stored, SchemaOf(stored.Before.Release), SchemaOf(stored.After.Release));
                break;
        }
    }

    void Commit(RecordStored stored, int from, int to)
    {
        if (from == to || from == 0) return;
        foreach (var entity in known.Entities.All)
            if (entity.StuckAt < asked && entity.Applied.Any(to > from ? StuckStates.Sticks : StuckStates.CannotGoDown) && WasLive(entity, stored.At, from))
                Broken(stored.At, $"epoch {stored.After.Epoch} was committed, and {entity.Id}, which was live on a silo that prepared it, cannot go to schema {to} and back.");
    }

    bool WasLive(StoredEntity entity, TimeSpan until, int schema) =>
        ran.TryGetValue(entity.Id, out var turn) && turn.At < asked && until - turn.At < StaysInMemory && turn.At > moved && known.Silos.Find(turn.Life) is { Ends: false, Left: null }
        && entity.Slices.Exists(slice => slice.Record.Module == "wallet" && slice.Record.Schema == schema) && !known.Troubles.StoreFailedSince(turn.At + Troubles.Echo - StoreIsFelt);

    static int SchemaOf(Release release) => release.Packages.FirstOrDefault(package => package.Name == "wallet") is { } wallet ? GameVersions.Schema(wallet.Id) : 0;
}
