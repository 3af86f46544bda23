using Evergrain.Contracts;
using Evergrain.ModulePackaging;
using Evergrain.ModuleSdk;

namespace Evergrain.Runtime.Samples;

/// <summary>Plays a package's samples on its code before that may serve.</summary>
internal static class SampleRun
{
    // Enough to mend by, whatever a package brings.
    const int MaxFindings = 100;

    public static IReadOnlyList<Finding> Check(ModuleDefinition definition, IReadOnlyDictionary<string, Sample> samples)
    {
        var findings = new List<Finding>();
        foreach (var (file, sample) in samples)
        {
            findings.AddRange(new SamplePlay(file, sample, definition).Run());
            if (findings.Count >= MaxFindings) break;
        }
        return [.. findings.Take(MaxFindings)];
    }
}
