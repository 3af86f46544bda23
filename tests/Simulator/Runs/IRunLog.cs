using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Runs;

/// <summary>Hears all of one run, in order.</summary>
internal interface IRunLog
{
    void Saw(Observation observation);

    /// <param name="fate">What became of the message.</param>
    void Sent(TimeSpan at, string from, string to, string what, string fate);
}
