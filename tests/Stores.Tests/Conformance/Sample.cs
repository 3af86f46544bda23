using System.Text;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Frames;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.ModulePackaging;
using Evergrain.Runtime;

namespace Evergrain.Stores.Tests.Conformance;

/// <summary>Records and packages to store.</summary>
internal static class Sample
{
    static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static EntityRecord Entity(string id, string state = "{}", long epoch = 1, bool wakes = false) => new()
    {
        Id = EntityId.Parse(id), Incarnation = 1, Epoch = epoch, WriteId = Guid.NewGuid(), Created = true,
        Slices = [new SliceRecord("lab", 1, Encoding.UTF8.GetBytes(state), "1.0.0", epoch)],
        Frames = new FrameCount(At.UtcTicks, 3, wakes),
    };

    public static string State(EntityRecord? record) => Encoding.UTF8.GetString(Assert.Single(record!.Slices).Bytes);

    public static PublishedPackage Package(string name, string version, byte content = 1)
    {
        var digest = new string((char)('a' + content % 6), 24) + $"{name}{version}".GetHashCode(StringComparison.Ordinal).ToString("x8");
        return new PublishedPackage(new PackageRef(name, version, digest), 3, new ModuleManifest { Type = PackageType.Data, Name = name, Version = version }, new byte[] { content, 0, 255 });
    }

    public static Release Release(long epoch) => new()
    {
        Epoch = epoch, Packages = [new PackageRef("lab", $"1.{epoch}.0", "0123456789abcdef")], Migrators = [], Actor = "ann", At = At, RolloutId = $"r{epoch}", Reason = "why not",
        Changes = [new ModuleChange("lab", null, $"1.{epoch}.0", ["+ Lab.Module.Add"])], Undoes = epoch == 3 ? 2 : null,
    };

    public static Rollout Rollout(long epoch, RolloutPhase phase = RolloutPhase.Permanent) => new()
    {
        Id = $"r{epoch}", Phase = phase, FromEpoch = epoch - 1, Packages = Release(epoch).Packages, Migrators = [], Replaced = [new PackageRef("lab", "0.9.0", "fedcba")],
        Changes = Release(epoch).Changes, Actor = "ann", TraceId = "4bf92f35", PrepareRetries = 3, Allowed = TimeSpan.FromSeconds(30), RequestedAt = At,
        Timings = [new PhaseTime(RolloutPhase.Requested, At), new PhaseTime(phase, At.AddSeconds(1))], Epoch = epoch,
        Silos = [new SiloRolloutStatus("silo-1", "done", 1, epoch, 12.5)],
        Findings = [new Finding("rollout/slow", "silo-1", "It took long.", "Look at it.") { Silo = "silo-1" }],
    };
}
