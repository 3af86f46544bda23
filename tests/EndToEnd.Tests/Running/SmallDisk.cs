using System.Diagnostics;
using System.Runtime.InteropServices;
using Evergrain.Contracts;

namespace Evergrain.EndToEnd.Tests.Running;

/// <summary>A place for a store that gets full when a test says so: a file system of its own, or, where this user may mount none, a bound on the
/// files of the host.</summary>
internal abstract class SmallDisk : IDisposable
{
    /// <summary>What a store finds left when the disk is filled.</summary>
    protected const int Left = 512 << 10;

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("evergrain-disk");

    public string File => Path.Combine(Folder, "game.db");
    protected string Folder => folder.FullName;

    /// <summary>What calls are told that it has no room for.</summary>
    public abstract string Refusal { get; }

    /// <summary>From now on there is room for half a MiB.</summary>
    public abstract void Fill(ProgramProcess host);
    public abstract void MakeRoom(ProgramProcess host);

    public virtual void Dispose() => folder.Delete(recursive: true);

    public static SmallDisk FileSystem() => OwnFileSystem.TryMount() ?? (SmallDisk)new BoundedFiles();
    public static SmallDisk Bounded() => new BoundedFiles();

    /// <summary>A file system in memory; a file of no use takes its room.</summary>
    sealed class OwnFileSystem : SmallDisk
    {
        const int Size = 48 << 20;
        public override string Refusal => ErrorCodes.StoreFull;
        string Ballast => Path.Combine(Folder, "ballast");

        public static OwnFileSystem? TryMount()
        {
            var disk = new OwnFileSystem();
            if (Run("mount", "-t", "tmpfs", "-o", $"size={Size}", "tmpfs", disk.Folder)) return disk;
            disk.folder.Delete();
            return null;
        }

        public override void Fill(ProgramProcess host)
        {
            using var ballast = new FileStream(Ballast, FileMode.Create);
            for (var free = new DriveInfo(Folder).AvailableFreeSpace; free > Left; free -= 1 << 10) ballast.Write(new byte[1 << 10]);
        }

        public override void MakeRoom(ProgramProcess host) => System.IO.File.Delete(Ballast);

        public override void Dispose()
        {
            Assert.True(Run("umount", Folder), $"{Folder} cannot be unmounted.");
            base.Dispose();
        }

        static bool Run(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
    }

    /// <summary>The kernel lets no file of the host grow.</summary>
    sealed class BoundedFiles : SmallDisk
    {
        const int FileSize = 1; // RLIMIT_FSIZE

        // To the store it is any error of its disk.
        public override string Refusal => ErrorCodes.StoreUnavailable;

        public override void Fill(ProgramProcess host) => Bound(host, (ulong)(new DirectoryInfo(Folder).EnumerateFiles().Max(file => file.Length) + Left));

        // The bound ends with the host.
        public override void MakeRoom(ProgramProcess host)
        {
            if (!host.HasEnded) Bound(host, ulong.MaxValue);
        }

        static void Bound(ProgramProcess host, ulong bytes)
        {
            var limit = new Limit(bytes, ulong.MaxValue);
            Assert.Equal(0, SetLimit(host.Id, FileSize, in limit, 0));
        }

        [DllImport("libc", EntryPoint = "prlimit", SetLastError = true)]
        static extern int SetLimit(int process, int resource, in Limit limit, nint before);

        readonly record struct Limit(ulong Soft, ulong Hard);
    }
}
