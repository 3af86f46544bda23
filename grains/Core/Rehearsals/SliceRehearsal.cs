using System.Text.Json;
using Evergrain.Core.Operators;
using Evergrain.Core.State;
using Evergrain.ModulePackaging;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Migrations;

namespace Evergrain.Core.Rehearsals;

/// <summary>Takes the copy of one state to another version and back, as a rollout and its undo would. It changes nothing, and its holder has
/// leases of all whose code runs.</summary>
/// <param name="from">What serves.</param>
/// <param name="to">What would.</param>
/// <param name="there">Null where both have one schema.</param>
/// <param name="back">Null where both have one schema, or where it is not asked for.</param>
/// <param name="compares">Whether what comes back is to be what went. Not where the new version has the lower schema: it cannot keep what it has no
/// place for.</param>
internal sealed class SliceRehearsal(SliceDefinition from, SliceDefinition to, MigrationChain? there, MigrationChain? back, bool compares)
{
    /// <summary>Null when all is well; else the first difference in words.</summary>
    /// <exception cref="RehearsalFailedException">The new version cannot take the state, or nothing comes back.</exception>
    public string? Try(byte[] state)
    {
        var went = Rewrite(to, "the new version", Through(there, state));
        if (!compares) return null;
        var came = Rewrite(from, "the version that serves", Through(back, went));
        // What only the new version has may be there afterwards, and so may what an optional field is by default; nothing may be lost.
        var (before, after) = (Json(state), Json(came));
        var differences = SampleDifference.Compare("state", before, after, mayHaveMore: true);
        return differences.Count == 0 ? null : Words(before, after, differences);
    }

    // What operators must not see is not told to them here either.
    string Words(JsonElement before, JsonElement after, IReadOnlyList<SampleDifference> differences)
    {
        string[] secrets = [.. from.Secrets.Union(to.Secrets)];
        var more = differences.Count > 1 ? $", and {differences.Count - 1} more" : "";
        return SampleDifference.Compare("state", SecretMask.Mask(before, secrets), SecretMask.Mask(after, secrets), mayHaveMore: true) is [var shown, ..]
            ? $"{shown.Path} is {shown.Expected} and would be {shown.Actual}{more}."
            : $"{differences[0].Path}, which is secret, would be another{more}.";
    }

    static byte[] Through(MigrationChain? chain, byte[] state)
    {
        try
        {
            return chain is null ? state : chain.Migrate(state);
        }
        catch (MigrationFailedException failed)
        {
            throw new RehearsalFailedException(failed.Message);
        }
    }

    // As its first turn would find the state, and its next write would leave it.
    static byte[] Rewrite(SliceDefinition version, string who, byte[] state)
    {
        try
        {
            var written = version.Encode(version.Decode(state));
            return UnknownFields.Merge(written, UnknownFields.Extract(state, written));
        }
        catch (Exception thrown)
        {
            // Only text: the exception itself would keep the module's code alive.
            throw new RehearsalFailedException($"{who} cannot read or write the state: {thrown.GetType().Name}: {thrown.Message}");
        }
    }

    static JsonElement Json(byte[] state)
    {
        using var document = JsonDocument.Parse(state);
        return document.RootElement.Clone();
    }
}

/// <summary>A state cannot go where it should.</summary>
internal sealed class RehearsalFailedException(string message) : Exception(message);
