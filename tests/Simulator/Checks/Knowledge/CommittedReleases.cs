using System.Globalization;
using Evergrain.Core.Rollouts;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks.Knowledge;

/// <summary>Every release that the record ever named, by epoch.</summary>
internal sealed class CommittedReleases
{
    readonly List<Release> releases = [Release.None];

    public long Newest => releases.Count - 1;

    public void See(RecordStored stored)
    {
        // What comes out of order is for P6 to say.
        if (stored.After.Epoch == releases.Count) releases.Add(stored.After.Release);
    }

    public Release? At(long epoch) => epoch >= 0 && epoch < releases.Count ? releases[(int)epoch] : null;

    /// <summary>Which version of a module or data set a release names.</summary>
    public string? Version(long epoch, string name)
    {
        if (At(epoch) is not { } release) return null;
        foreach (var package in release.Packages)
            if (package.Name == name) return package.Version;
        return null;
    }

    /// <summary>Whether a release up to this epoch names the version.</summary>
    public bool Served(string name, string version, long upTo)
    {
        for (var epoch = Math.Min(upTo, Newest); epoch > 0; epoch--)
            if (Version(epoch, name) == version) return true;
        return false;
    }

    /// <summary>Whether one release names both the version and the tuning of this number.</summary>
    public bool ServedTogether(string name, string version, int tuning)
    {
        for (var epoch = Newest; epoch > 0; epoch--)
            if (Version(epoch, name) == version && Tuning(epoch) == tuning) return true;
        return false;
    }

    /// <summary>The number of the release's tuning: its major version.</summary>
    public int? Tuning(long epoch) => Version(epoch, "tuning") is { } version ? int.Parse(version.AsSpan(0, version.IndexOf('.')), CultureInfo.InvariantCulture) : null;
}
