namespace Evergrain.ModulePackaging;

/// <summary>The names inside a package.</summary>
public static class PackageLayout
{
    public const string Extension = ".gmod";
    public const string Manifest = "module.json";
    public const string Signature = "signature.json";
    public const string Data = "data.json";
    public const string Library = "lib/";
    public const string Samples = "samples/";

    public static string FileName(string name, string version) => $"{name}-{version}{Extension}";

    internal static bool IsAssembly(string entry) => IsInside(entry, Library, ".dll");

    internal static bool IsKnown(string entry) =>
        entry is Manifest or Signature or Data || IsAssembly(entry) || IsInside(entry, Library, ".pdb") || IsInside(entry, Samples, ".json");

    static bool IsInside(string entry, string folder, string extension) =>
        entry.StartsWith(folder, StringComparison.Ordinal) && entry.EndsWith(extension, StringComparison.Ordinal)
        && entry.Length > folder.Length + extension.Length && !entry.AsSpan(folder.Length).Contains('/');
}
