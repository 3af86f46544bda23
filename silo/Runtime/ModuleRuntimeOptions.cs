using Evergrain.ModulePackaging;
using Evergrain.Runtime.Verification;

namespace Evergrain.Runtime;

/// <summary>The bounds of one silo's module runtime.</summary>
public sealed record ModuleRuntimeOptions
{
    public PackageLimits Limits { get; init; } = new();
    public SignaturePolicy Signatures { get; init; } = new();

    /// <summary>Shared by the runtimes of one process, so that each package is judged once.</summary>
    public VerifiedPackages Verified { get; init; } = new();

    /// <summary>How long loading, Configure, samples and compiling may take together. Default 10 s.</summary>
    public TimeSpan LoadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a retiring slot waits for its leases before its holders are evicted. Default 30 s.</summary>
    public TimeSpan DrainDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long evicted holders may take before the slot counts as stuck. Default 5 s.</summary>
    public TimeSpan EvictGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a survivor is collected again, after the first two collections, before it counts as stuck. Default 5.</summary>
    public int ProofTries { get; init; } = 5;

    /// <summary>Between two such tries. Default 200 ms.</summary>
    public TimeSpan ProofInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Before a stuck slot whose code survives is looked at again; each pause is twice the last. Default 10 s.</summary>
    public TimeSpan StuckInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest such pause. Default 10 min.</summary>
    public TimeSpan LongestStuckInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a migrator stays loaded after its last use. Default 30 s.</summary>
    public TimeSpan MigratorLinger { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many ended slots the report still shows. Default 16.</summary>
    public int ReportedEnds { get; init; } = 16;

    /// <summary>The bounds of the search for what holds a stuck slot.</summary>
    public HolderSearchOptions HolderSearch { get; init; } = new();

    /// <summary>True while a debugger is attached: it holds on to code, so deadlines wait and the proof of unloading is not judged.</summary>
    public Func<bool> DebuggerAttached { get; init; } = () => System.Diagnostics.Debugger.IsAttached;

    /// <summary>How many bytes of memory are free; a package that unpacks to more is refused. Null when it is not known.</summary>
    public Func<long>? FreeMemory { get; init; }
}
