namespace Evergrain.Runtime.Tests.Support;

/// <summary>Preparing as most tests do it.</summary>
internal static class PrepareCalls
{
    public static Task<PrepareResult> Prepare(this ModuleRuntime runtime, PackageRef package, IReadOnlyList<PackageRef> release, IReadOnlyList<PackageRef> serving, CancellationToken cancellation) =>
        runtime.Prepare(new PrepareRequest(package, release, serving), cancellation);

    /// <summary>This silo serves what the cluster does.</summary>
    public static Task<PrepareResult> Prepare(this ModuleRuntime runtime, PackageRef package, IReadOnlyList<PackageRef> release, CancellationToken cancellation) =>
        runtime.Prepare(package, release, [.. runtime.Table.Slots.Select(slot => slot.Package)], cancellation);
}
