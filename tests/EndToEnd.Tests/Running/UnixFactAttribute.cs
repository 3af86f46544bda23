namespace Evergrain.EndToEnd.Tests.Running;

/// <summary>A test that needs signals between processes.</summary>
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "Windows has no signals between processes.";
    }
}
