using System.Text.Json;
using Evergrain.Contracts;

namespace Evergrain.ModulePackaging;

/// <summary>Reads sample files. Whether a sample fits the module is found out when it is played.</summary>
public static class SampleReader
{
    const string Next = "Mend the sample, and build the package again.";

    /// <param name="path">Inside the package, for the findings.</param>
    /// <returns>Null when there are findings.</returns>
    public static Sample? Read(string path, ReadOnlySpan<byte> content, List<Finding> findings)
    {
        try
        {
            if (JsonSerializer.Deserialize(content, PackagingJson.Default.Sample) is not { } sample)
            {
                Add(path, "it is null");
                return null;
            }
            var before = findings.Count;
            Check(path, sample);
            return findings.Count == before ? sample : null;
        }
        catch (JsonException wrong)
        {
            Add(path, wrong.Message);
            return null;
        }

        void Add(string where, string message) => findings.Add(new Finding("sample/unreadable", where, $"{path} is no sample: {message}", Next));

        void Check(string file, Sample sample)
        {
            if (!EntityId.TryCreate(sample.Kind, sample.Key, out _)) Add(file, $"'{sample.Kind}/{sample.Key}' is no entity.");
            if (sample.Frame < 0) Add($"{file}: frame", $"frame is {sample.Frame}; it is 0 or more.");
            if (sample.State is null != sample.Schema is null) Add($"{file}: schema", "state and schema belong together; one is missing.");
            var (result, rejected) = (sample.Expect.Result is not null, sample.Expect.Rejected is not null);
            if (result && rejected) Add($"{file}: expect", "a call that is rejected has no result.");
            if (sample.Operation is not null && !result && !rejected) Add($"{file}: expect", "it calls an operation and expects neither a result nor a rejection.");
            if (sample.Operation is null && (result || rejected)) Add($"{file}: operation", "it expects an answer and names no operation.");
            if (sample.Operation is null && sample.State is null) Add($"{file}: operation", "it has neither a state nor an operation, so it shows nothing.");
        }
    }
}
