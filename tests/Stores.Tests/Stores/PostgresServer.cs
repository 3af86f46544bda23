using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Evergrain.Stores.Tests.Stores;

/// <summary>A PostgreSQL server of its own, in a folder of its own, on a free port of this machine.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    const string Unprivileged = "postgres";
    static readonly string? Programs = Find();
    readonly string folder = Directory.CreateTempSubdirectory("evergrain-postgres").FullName;
    readonly bool flushes;
    int port;

    string LogFile => Path.Combine(folder, "server.log");

    /// <param name="flushes">Whether a commit reaches the disk: what a benchmark needs, and a test does not.</param>
    public PostgresServer(bool flushes = false) => this.flushes = flushes;

    /// <summary>Why there can be none on this machine; null when there can.</summary>
    public static string? WhyNot { get; } = Programs is not null ? null
        : "PostgreSQL is not installed here: there is no initdb on the PATH or in /usr/lib/postgresql/*/bin. Install the package 'postgresql'.";

    /// <summary>Of a database on it, as its owner.</summary>
    public string Connection(string database, string user = Unprivileged) => $"Host=127.0.0.1;Port={port};Database={database};Username={user}";

    public async Task Make()
    {
        if (Environment.IsPrivilegedProcess) await Run("chown", Unprivileged, folder); // initdb runs for nobody who may do everything
        await AsOwner("initdb", "--pgdata", folder, "--username", Unprivileged, "--auth", "trust", "--encoding", "UTF8", "--no-sync");
        port = FreePort();
        await Start();
    }

    public Task Start() => AsOwner("pg_ctl", "start", "--wait", "--silent", "--pgdata", folder, "--log", LogFile, "--options",
        $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync={(flushes ? "on" : "off")}");

    /// <summary>As if its machine had failed.</summary>
    public Task Stop() => AsOwner("pg_ctl", "stop", "--wait", "--silent", "--pgdata", folder, "--mode", "immediate");

    /// <summary>Runs statements as the owner.</summary>
    /// <returns>The first value of the answer, if there is one.</returns>
    public object? Execute(string database, string sql)
    {
        using var connection = new NpgsqlConnection($"{Connection(database)};Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    /// <summary>What it has written to its log.</summary>
    public string Log()
    {
        using var log = new StreamReader(new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return log.ReadToEnd();
    }

    /// <summary>How often it has flushed its write-ahead log, for sessions that have ended; null where it does not count that.</summary>
    public long? WalFlushes() => Convert.ToInt32(Execute("postgres", "SELECT current_setting('server_version_num')::int"), CultureInfo.InvariantCulture) switch
    {
        >= 180000 => (long?)Execute("postgres", "SELECT sum(fsyncs)::bigint FROM pg_stat_io WHERE object = 'wal'"),
        >= 140000 => (long?)Execute("postgres", "SELECT wal_sync FROM pg_stat_wal"),
        _ => null,
    };

    /// <summary>Writes a database to a file by <c>pg_dump</c>.</summary>
    public Task Dump(string database, string file) => Run(Client("pg_dump"), "--format=custom", "--file", file, "--host", "127.0.0.1", "--port", $"{port}", "--username", Unprivileged, database);

    /// <summary>Reads such a file into an empty database by <c>pg_restore</c>.</summary>
    public Task Restore(string file, string database) => Run(Client("pg_restore"), "--exit-on-error", "--host", "127.0.0.1", "--port", $"{port}", "--username", Unprivileged, "--dbname", database, file);

    /// <summary>Waits until no store has a session any more.</summary>
    public async Task Left()
    {
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (Execute("postgres", "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'evergrain%'") is not 0L) await looks.WaitForNextTickAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(folder, "postmaster.pid"))) await Stop();
        Directory.Delete(folder, recursive: true);
    }

    static Task AsOwner(string program, params string[] arguments) =>
        Environment.IsPrivilegedProcess
            ? Run("runuser", ["-u", Unprivileged, "--", Path.Combine(Programs!, program), .. arguments])
            : Run(Path.Combine(Programs!, program), arguments);

    // They may be elsewhere on the PATH than the server's programs.
    static string Client(string program) => Path.Combine(Programs!, program) is var beside && File.Exists(beside) ? beside : program;

    // What a server that goes on inherits is not awaited: its output goes nowhere.
    static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "cd / && exec \"$@\" > /dev/null 2>&1 < /dev/null", "sh", program, .. arguments]))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")) : [])
        .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
