using Evergrain.Contracts;

namespace Evergrain.Core.Rehearsals;

/// <summary>What a rehearsal's findings mean for the rollout: this is the one place that says it. Pure.</summary>
/// <remarks>
/// A state that the new version cannot take refuses, whoever asks: its entity would stay on the old version and end in quarantine, and a mended step costs a
/// minute. A state that does not come back as it was, or an entry that the new version cannot run, refuses unless the operator accepts
/// differences: an undo would not bring back what the players had, which may be meant. An undo is never refused: it is the way out, what cannot
/// come down is quarantined with its bytes kept, and what was found is there to read.
/// </remarks>
/// <param name="AcceptDifferences">The operator accepts states that do not come back the same, and entries that cannot run.</param>
/// <param name="Undo">It takes a release back.</param>
public sealed record RehearsalRule(bool AcceptDifferences, bool Undo)
{
    public const string Failed = "rehearsal/failed";
    public const string Different = "rehearsal/different";
    public const string EntryMisfit = "rehearsal/entry-cannot-run";

    /// <summary>The rehearsal could not be ended; the next try makes another.</summary>
    public const string Interrupted = "rehearsal/interrupted";

    public bool Refuses(Finding finding) => finding.Code switch
    {
        Interrupted => true,
        Failed => !Undo,
        _ => !Undo && !AcceptDifferences,
    };
}
