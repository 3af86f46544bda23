namespace Evergrain.Cli.Tests;

internal static class Clone
{
    /// <summary>The root of the repository that these tests were built from.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    static string Find(DirectoryInfo? folder)
    {
        for (; folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props"))) return folder.FullName;
        throw new DirectoryNotFoundException("The tests do not run inside a clone of the repository.");
    }
}
