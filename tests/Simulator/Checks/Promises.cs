using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks;

/// <summary>All that a run is held to: one checker for each promise, and what they know in common.</summary>
internal sealed class Promises
{
    readonly Known known = new();
    readonly Checker[] checkers;

    /// <param name="rehearses">Whether silos are to try their live state before a version may serve.</param>
    public Promises(bool rehearses) => checkers =
    [
        new AnsweredOnce(), new ErrorsAreExplained(known), new NoneIsLost(known), new RunsOnce(known), new OneVersionPerTurn(known), new EpochsNeverFall(known), new EventsInOrder(known), new ListenersHearAll(),
        new DurableStateStays(known), new SendsArrive(known), new FramesHaveNoGap(known), new OneReleasePerEpoch(known), new ServesOnceEnrolled(known), new Settles(known), new RolloutsEnd(),
        new NothingStaysBehind(known), new PreparedBeforeCommit(known), new RehearsedBeforeCommit(known, rehearses), new UnloadedWhenIdle(known),
    ];

    /// <summary>The silos that others take to be there.</summary>
    public IEnumerable<SiloLife> Members => known.Silos.Members;

    public IEnumerable<Breach> Breaches => checkers.SelectMany(checker => checker.Breaches);

    public void See(Observation observation)
    {
        known.See(observation);
        foreach (var checker in checkers) checker.See(observation);
    }

    public void AtEnd(Outcome outcome)
    {
        foreach (var checker in checkers) checker.AtEnd(outcome);
    }
}
