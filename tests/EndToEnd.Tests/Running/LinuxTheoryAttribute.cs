namespace Evergrain.EndToEnd.Tests.Running;

/// <summary>A test that needs what only Linux lets one process do to another.</summary>
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = "Only Linux bounds the files of a process that runs (prlimit) and mounts a file system in memory.";
    }
}
