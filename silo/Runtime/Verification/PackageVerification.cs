using Evergrain.Contracts;
using Evergrain.ModulePackaging;
using Evergrain.ModuleSdk;

namespace Evergrain.Runtime.Verification;

/// <summary>Everything about a package that can be judged without loading it and without knowing what runs.</summary>
public static class PackageVerification
{
    /// <returns>The contents, or null with every finding.</returns>
    public static PackageReading Verify(ReadOnlyMemory<byte> package, PackageLimits limits, SignaturePolicy policy, CancellationToken cancellation)
    {
        var reading = PackageReader.Read(package, limits);
        if (reading.Contents is not { } contents) return reading;

        cancellation.ThrowIfCancellationRequested();
        var findings = new List<Finding>();
        CheckSignature(contents.Signature, policy, findings);
        if (contents.Manifest.Type == PackageType.Module)
        {
            CheckContract(contents.Manifest.Sdk!, findings);
            findings.AddRange(CodeScan.Scan(contents.Assemblies, cancellation));
        }
        var module = contents.Manifest.Id.ToString();
        return findings.Count == 0 ? reading : new PackageReading(null, [.. findings.Select(finding => finding with { Module = module })]);
    }

    static void CheckSignature(PackageSignature signature, SignaturePolicy policy, List<Finding> findings)
    {
        if (policy.AcceptUnsigned) return;
        findings.Add(signature.Signature is null
            ? new Finding("package/unsigned", PackageLayout.Signature, "The package is not signed, and this host takes no unsigned ones.", "Configure the host to accept unsigned packages.")
            : new Finding("package/unknown-signer", PackageLayout.Signature, $"The package is signed with the key '{signature.KeyId}', which this host does not trust.", "Configure the host to accept unsigned packages."));
    }

    static void CheckContract(ContractRange range, List<Finding> findings)
    {
        if (range.From <= SdkContract.Current && range.To >= SdkContract.Oldest) return;
        findings.Add(new Finding("package/sdk-contract", "sdk",
            $"The module was built for the SDK contracts {range.From} to {range.To}; this host serves {SdkContract.Oldest} to {SdkContract.Current}.",
            range.From > SdkContract.Current ? "Upgrade the host first." : "Build the module with a newer SDK."));
    }
}
