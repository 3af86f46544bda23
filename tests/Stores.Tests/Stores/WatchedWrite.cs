using Evergrain.Stores.Tests.Conformance;

namespace Evergrain.Stores.Tests.Stores;

/// <summary>This assembly as a program: one write to a store in a folder, with marks of the moments when it was asked for and when it was acknowledged.</summary>
internal static class WatchedWrite
{
    public static string File(string folder) => Path.Combine(folder, "store.db");
    public static string Asked(string folder) => Path.Combine(folder, "asked");
    public static string Acknowledged(string folder) => Path.Combine(folder, "acknowledged");

    static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [var folder]) return 2;
        await using var store = OpenStore.Sqlite(File(folder));
        Strace.Mark(Asked(folder));
        var outcome = (await store.Entities.Write([new(Sample.Entity("box/a"), null)]))[0];
        if (outcome.Etag is null) return 1;
        Strace.Mark(Acknowledged(folder));
        return 0;
    }
}
