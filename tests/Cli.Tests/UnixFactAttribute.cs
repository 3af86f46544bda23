namespace Evergrain.Cli.Tests;

/// <summary>A test that needs signals or a shell script.</summary>
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "Windows has neither signals between processes nor bash.";
    }
}
