using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.ModulePackaging;

namespace Evergrain.Runtime.Compatibility;

/// <summary>Whether a data set is what its readers expect. Pure.</summary>
public static class DataCheck
{
    // Enough to mend a file by.
    const int MaxFindings = 20;

    /// <param name="data">The data set's content.</param>
    public static IReadOnlyList<Finding> Check(ModuleManifest reader, ModuleManifest dataSet, ReadOnlyMemory<byte> data)
    {
        if (reader.DataSets.FirstOrDefault(set => set.Name == dataSet.Name)?.Schema is not { } schema) return [];
        using var content = JsonDocument.Parse(data);
        return [.. JsonFit.Check(dataSet.Name, content.RootElement, schema, MaxFindings).Select(found => new Finding("release/data-does-not-fit", found.Path,
            $"{dataSet.Id} does not fit what {reader.Id} reads: {found.Message}", "Mend the data set, or the type that reads it."))];
    }
}
