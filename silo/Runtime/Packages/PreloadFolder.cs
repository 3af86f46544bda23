using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.ModulePackaging;

namespace Evergrain.Runtime;

/// <summary>Publishes every package of a folder. One that is bad becomes findings; the others go on.</summary>
public sealed class PreloadFolder(PackageIntake intake, PackageLimits limits)
{
    /// <param name="folder">Read by file name; a folder that does not exist has no packages.</param>
    public async Task<PreloadResult> Publish(string folder, CancellationToken cancellation)
    {
        var (receipts, findings) = (new List<PackageReceipt>(), new List<Finding>());
        if (!Directory.Exists(folder)) return new PreloadResult(receipts, findings);
        foreach (var path in Directory.EnumerateFiles(folder, "*" + PackageLayout.Extension).Order(StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                if (new FileInfo(path).Length > limits.MaxPackageBytes) findings.Add(TooLarge(path));
                else receipts.Add(await intake.Publish(await File.ReadAllBytesAsync(path, cancellation), cancellation));
            }
            catch (FindingsException refused)
            {
                findings.AddRange(refused.Findings.Select(finding => finding with { Where = $"{Path.GetFileName(path)}: {finding.Where}" }));
            }
            catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
            {
                findings.Add(new Finding("package/cannot-read", Path.GetFileName(path), $"The file cannot be read: {wrong.Message}", "Look at the file and its permissions."));
            }
        }
        return new PreloadResult(receipts, findings);
    }

    Finding TooLarge(string path) => new("package/too-large", Path.GetFileName(path),
        $"The package is larger than {limits.MaxPackageBytes:N0} bytes.", "Make it smaller, or raise the host's limit.");
}

/// <summary>What came of preloading a folder.</summary>
public sealed record PreloadResult(IReadOnlyList<PackageReceipt> Receipts, IReadOnlyList<Finding> Findings);
