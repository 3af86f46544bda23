using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.ModulePackaging;
using Evergrain.Runtime.Compatibility;
using Evergrain.Runtime.Loading;
using Evergrain.Runtime.Verification;

namespace Evergrain.Runtime;

/// <summary>The steps from a package's name to its code in the process. Each says everything that it finds.</summary>
/// <param name="discard">Takes code that came when nobody waited for it any more: it has to go, and that it is gone has to be proved.</param>
internal sealed class PreparePipeline(
    ModuleRuntimeOptions options, IPackageStore packages, IModuleLoader loader, TimeProvider time, IExecutor executor, Action<PackageRef, ModuleManifest, ILoadedModule> discard)
{
    readonly RunningLoads loads = new(options.LoadTimeout, time, executor);

    /// <summary>What the release and what serves say of the package.</summary>
    public async Task<IReadOnlyList<Finding>> CheckRelease(ModuleManifest candidate, PrepareRequest request, CancellationToken cancellation)
    {
        var (findings, manifests) = (new List<Finding>(), new List<ModuleManifest>());
        foreach (var package in request.Release)
            if (await Find(package, findings, cancellation) is { } published) manifests.Add(published.Manifest);
        findings.AddRange(ReleaseCheck.Check(candidate, manifests));
        foreach (var set in manifests.Where(manifest => manifest.Type == PackageType.Data))
            foreach (var reader in manifests.Where(manifest => manifest.DataSets.Any(read => read.Name == set.Name) && (manifest.Id == candidate.Id || set.Id == candidate.Id)))
                findings.AddRange(await CheckData(reader, set, request.Release, cancellation));
        var now = request.Serving.FirstOrDefault(package => package.Name == candidate.Name);
        if (now?.Id == candidate.Id) return findings;
        var served = now is null ? null : await Find(now, findings, cancellation);
        findings.AddRange(SchemaCheck.Check(candidate, served?.Manifest, await Migrators(candidate, request, cancellation), request.OneWay));
        return findings;
    }

    // One that the store has no more brings no step, and what only it could read is lost to every release.
    async Task<IReadOnlyList<ModuleManifest>> Migrators(ModuleManifest candidate, PrepareRequest request, CancellationToken cancellation)
    {
        var manifests = new List<ModuleManifest>();
        foreach (var package in request.Migrators.Where(package => package.Name == candidate.Name))
            if (await packages.Find(package.Name, package.Version, cancellation) is { } published && published.Ref == package) manifests.Add(published.Manifest);
        return manifests;
    }

    async Task<IEnumerable<Finding>> CheckData(ModuleManifest reader, ModuleManifest set, IReadOnlyList<PackageRef> release, CancellationToken cancellation)
    {
        // Bytes that cannot be read are a finding of the data set's own preparation.
        if (await packages.Read(release.First(package => package.Id == set.Id).Digest, cancellation) is not { } bytes
            || Verify(PackageWriter.Hash(bytes.Span), bytes, cancellation).Contents?.Data is not { } data) return [];
        return DataCheck.Check(reader, set, data).Select(finding => finding with { Module = set.Id.ToString() });
    }

    /// <summary>The package in the store; null with a finding when it is not there, or there with other bytes.</summary>
    public async ValueTask<PublishedPackage?> Find(PackageRef package, List<Finding> findings, CancellationToken cancellation)
    {
        var published = await packages.Find(package.Name, package.Version, cancellation);
        if (published is null)
            findings.Add(new Finding("package/not-found", package.ToString(), $"{package} was never published.", "Publish it first.") { Module = package.ToString() });
        else if (published.Ref.Digest != package.Digest)
            findings.Add(new Finding("package/wrong-digest", package.ToString(), $"{package} has the digest {published.Ref.Digest}, not {package.Digest}.", "Name the package by the digest that publish answered.") { Module = package.ToString() });
        else return published;
        return null;
    }

    /// <summary>Fetches and judges the bytes: nothing is believed that the store said of them.</summary>
    public async Task<PackageReading> Fetch(PackageRef package, CancellationToken cancellation)
    {
        if (await packages.Read(package.Digest, cancellation) is not { } bytes) return Refuse(package, "not-found", "The store has no bytes of that digest.", "Publish it again.");
        var digest = PackageWriter.Hash(bytes.Span);
        if (digest != package.Digest) return Refuse(package, "wrong-digest", "The bytes that the store gave have another digest.", "Look at the store; publish the package again.");
        var reading = Verify(digest, bytes, cancellation);
        if (reading.Contents is not { } contents) return reading;
        if (contents.Manifest.Id != package.Id) return Refuse(package, "wrong-digest", $"The package says that it is {contents.Manifest.Id}.", "Publish the package again.");
        var needed = contents.Entries.Values.Sum(entry => (long)entry.Length);
        return options.FreeMemory?.Invoke() is { } free && free < needed
            ? Refuse(package, "no-memory", $"The package unpacks to {needed:N0} bytes; {free:N0} are free.", "Retire versions, or give the silo more memory.") : reading;
    }

    /// <summary>Loads on the executor, since the author's code may take for ever; then it is left to itself, and let go when it returns.</summary>
    public async Task<LoadOutcome> Load(PackageRef package, PackageContents contents, CancellationToken cancellation)
    {
        if (await loads.Start(package, () => TryLoad(contents), cancellation) is not { } load) return new LoadOutcome(null, [loads.StillRuns(package)]);
        try
        {
            return (await load.Outcome.Followed().WaitAsync(options.LoadTimeout, time, cancellation)) with { Load = load };
        }
        catch (Exception given) when (given is TimeoutException or OperationCanceledException)
        {
            _ = loads.Discard(load, late => discard(package, contents.Manifest, late));
            cancellation.ThrowIfCancellationRequested();
            return new LoadOutcome(null, [new Finding("module/configure-slow", contents.Manifest.EntryType!,
                $"Loading, configuring and playing the samples of {contents.Manifest.Id} took longer than {options.LoadTimeout.TotalSeconds:0.#} s.", "Let Configure only declare; it must neither wait nor compute. Take samples that are short.") { Module = contents.Manifest.Id.ToString() }]);
        }
    }

    /// <summary>Loads that do not come back, or that nobody waits for any more.</summary>
    public IReadOnlyList<SlotStatus> Loading(Func<string, bool> isAwaited) => loads.Report(isAwaited);

    /// <summary>What was loaded is in a slot, or gone.</summary>
    public void Took(LoadOutcome outcome)
    {
        if (outcome.Load is { } load) loads.Took(load);
    }

    LoadOutcome TryLoad(PackageContents contents)
    {
        try
        {
            return new LoadOutcome(loader.Load(contents), []);
        }
        catch (FindingsException wrong)
        {
            return wrong.Findings.Count > 0 ? new LoadOutcome(null, wrong.Findings) : Failed(contents, wrong.Message, wrong.Next);
        }
        catch (Exception wrong)
        {
            return Failed(contents, $"Loading failed. {wrong.GetType().FullName}: {wrong.Message}", "Look at the host's log.");
        }
    }

    static LoadOutcome Failed(PackageContents contents, string message, string next) =>
        new(null, [new Finding("module/cannot-load", contents.Manifest.Id.ToString(), message, next) { Module = contents.Manifest.Id.ToString() }]);

    PackageReading Verify(string digest, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        options.Verified.Verify(digest, bytes, options.Limits, options.Signatures, cancellation);

    static PackageReading Refuse(PackageRef package, string code, string message, string next) =>
        new(null, [new Finding($"package/{code}", package.ToString(), message, next) { Module = package.ToString() }]);
}

/// <summary>A loaded module, or findings.</summary>
internal sealed record LoadOutcome(ILoadedModule? Loaded, IReadOnlyList<Finding> Findings)
{
    /// <summary>That it came from; null where nothing was loaded.</summary>
    public RunningLoad? Load { get; init; }
}
