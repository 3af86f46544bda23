using Evergrain.Client;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.CrashPoints.Checks;
using Evergrain.Core.State;
using Evergrain.CrashPoints.Play;
using Evergrain.Host;

namespace Evergrain.CrashPoints.Runs;

/// <summary>A host over a store whose last host was killed: unanswered calls are sent again, and then everything has to come to rest and be right.</summary>
internal sealed class Recovery(Journal journal, Tallies tallies)
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20), Patience = TimeSpan.FromSeconds(20);
    readonly List<string> wrong = [];
    IReadOnlyList<Holding> atRest = [];

    /// <summary>What was found to be wrong so far.</summary>
    public IReadOnlyList<string> Wrong => wrong;

    /// <summary>Why it did not come to rest; null when it did.</summary>
    public string? Unsettled { get; private set; }

    /// <summary>Nothing is wrong so far.</summary>
    public bool IsWhole => wrong.Count == 0 && Unsettled is null;

    /// <exception cref="HttpRequestException">This host died, too.</exception>
    /// <exception cref="CallFailedException">This host died, too.</exception>
    public async Task Recover(Uri door, bool rollsOut)
    {
        using var ops = new OpsClient(door);
        wrong.AddRange(await Releases.Wrong(ops, journal));
        foreach (var list in Enumerable.Range(0, Players.Chains).SelectMany(chain => new[] { Game.Tally(chain), Game.Sketch(chain) }))
            wrong.AddRange(tallies.Look(await ops.Entity(list) is { } view ? Holding.Of(view) : new Holding(list, 0, [], 0)));
        if (!IsWhole) return;
        await using (var players = new Players(door, journal))
        {
            await players.Connect();
            await Task.WhenAll(journal.Deeds.Where(deed => deed.End == DeedEnd.Unanswered).GroupBy(deed => deed.Entity).Select(deeds => Again(players, deeds)));
            if (IsWhole) await Settle(ops);
        }
        if (!IsWhole) return;
        wrong.AddRange(new Books(journal.Deeds, atRest).Wrong());
        if (rollsOut) await RollOut(ops);
    }

    /// <summary>What the store itself holds, without any host, is what the last one showed.</summary>
    public async Task LookInto(string data)
    {
        await using var stores = HostStores.Open(data);
        wrong.AddRange(await Releases.Wrong(stores, journal));
        var page = await stores.Entities.List(new EntityQuery());
        if (page.Next is not null || page.Unreadable.Count > 0) wrong.Add($"the store cannot list its entities: {string.Join(" ", page.Unreadable)}");
        var there = page.Records.Select(Holding.Of).Where(IsPurse).ToDictionary(holding => holding.Id);
        foreach (var shown in atRest.Where(IsPurse))
            if (!there.Remove(shown.Id, out var stored) || stored.Gold != shown.Gold || !stored.Applied.SequenceEqual(shown.Applied)) wrong.Add($"{shown.Id} was shown with {shown.Gold} gold, and {stored?.Gold} is stored");
        wrong.AddRange(there.Values.Where(stored => stored.Gold != 0).Select(stored => $"{stored.Id} is stored with {stored.Gold} gold, and was not shown"));
    }

    static bool IsPurse(Holding holding) => holding.Id.Kind == "purse";

    // By the same keys, in the order in which they were sent.
    async Task Again(Players players, IEnumerable<Deed> deeds)
    {
        using var patience = new CancellationTokenSource(Patience);
        foreach (var deed in deeds)
        {
            while (await players.Ask(deed) is null)
            {
                if (patience.IsCancellationRequested) Unsettled = $"{deed} is sent again and again, and not answered";
                if (!IsWhole) return;
                await Task.Delay(Look);
            }
        }
    }

    async Task Settle(OpsClient ops)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var running = (await ops.Status()).Rollout is { Phase: not (RolloutPhase.Permanent or RolloutPhase.Aborted) } rollout ? $"rollout {rollout.Id} is {rollout.Phase}" : null;
            atRest = await Holdings(ops);
            Unsettled = running ?? new Books(journal.Deeds, atRest).Missing().FirstOrDefault();
            if (Unsettled is null)
            {
                // Entities were looked at one after the other, and something may have arrived where it was already looked. Now nothing moves any more.
                atRest = await Holdings(ops);
                return;
            }
            if (patience.IsCancellationRequested) return;
            await Task.Delay(Look);
        }
    }

    // The next try works, whatever became of the last one.
    async Task RollOut(OpsClient ops)
    {
        using var patience = new CancellationTokenSource(Patience);
        var @operator = new Operator(ops, journal);
        var ended = await @operator.End(await @operator.Turn(), patience.Token);
        if (ended.Phase != RolloutPhase.Permanent) wrong.Add($"the next rollout was {ended.Phase}: {string.Join(" ", ended.Findings.Select(finding => finding.Message))}");
        atRest = await Holdings(ops);
        wrong.AddRange(new Books(journal.Deeds, atRest).Wrong());
    }

    static async Task<IReadOnlyList<Holding>> Holdings(OpsClient ops)
    {
        var holdings = new List<Holding>();
        foreach (var kind in (string[])["purse", "tally", "sketch"])
            foreach (var row in (await ops.Entities(kind)).Entities)
                if (await ops.Entity(row.Id) is { } view) holdings.Add(Holding.Of(view));
        return holdings;
    }
}
