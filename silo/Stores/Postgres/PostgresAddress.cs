using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Evergrain.Stores.Postgres;

/// <summary>Where a database is and how to log in: from <c>Host=…;Database=…</c> or <c>postgres://user:password@host:port/database</c>.</summary>
public sealed class PostgresAddress
{
    static readonly string[] Schemes = ["postgres://", "postgresql://"];
    static readonly string[] HostWords = ["host", "server"];
    readonly NpgsqlConnectionStringBuilder builder;

    PostgresAddress(NpgsqlConnectionStringBuilder builder) => this.builder = builder;

    /// <summary>Whether a text is meant to name a database, right or wrong; else it is a file.</summary>
    public static bool IsMeant(string text) =>
        Schemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        || text.Split(';').Any(part => part.IndexOf('=') is > 0 and var equals && HostWords.Contains(part[..equals].Trim(), StringComparer.OrdinalIgnoreCase));

    /// <param name="problems">Everything that is wrong with it; never with its password in it.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out PostgresAddress? address, out IReadOnlyList<string> problems)
    {
        var found = new List<string>();
        var builder = new NpgsqlConnectionStringBuilder();
        if (Schemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))) FromUri(text, builder, found);
        else FromPairs(text, builder, found);
        if (found.Count == 0 && string.IsNullOrWhiteSpace(builder.Host)) found.Add("names no host.");
        if (found.Count == 0 && string.IsNullOrWhiteSpace(builder.Database) && string.IsNullOrWhiteSpace(builder.Username)) found.Add("names neither a database nor a user.");
        address = found.Count == 0 ? new PostgresAddress(builder) : null;
        problems = found;
        return found.Count == 0;
    }

    /// <summary>Without the password.</summary>
    public override string ToString() => $"{builder.Database ?? builder.Username} on {builder.Host}:{builder.Port}";

    internal NpgsqlConnectionStringBuilder For(TimeSpan timeout, string purpose) => new(builder.ConnectionString)
    {
        Timeout = Math.Max(1, (int)timeout.TotalSeconds),
        CommandTimeout = Math.Max(1, (int)timeout.TotalSeconds),
        ApplicationName = $"evergrain {purpose}",
        IncludeErrorDetail = false,
        Multiplexing = false,
        // Statements are prepared by the server once they come again and again.
        MaxAutoPrepare = 32,
    };

    static void FromPairs(string text, NpgsqlConnectionStringBuilder builder, List<string> problems)
    {
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=');
            if (equals <= 0)
            {
                problems.Add($"has no '=' in part {text.Split(';').TakeWhile(one => one.Trim() != part).Count() + 1}; write it as in Host=localhost;Database=game;Username=evergrain.");
                continue;
            }
            Set(builder, part[..equals].Trim(), part[(equals + 1)..].Trim(), problems);
        }
    }

    static void FromUri(string text, NpgsqlConnectionStringBuilder builder, List<string> problems)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
        {
            problems.Add("is no address; write it as in postgres://user:password@host:5432/database, with %-escapes for other characters in the password.");
            return;
        }
        builder.Host = uri.Host;
        if (uri.Port > 0) builder.Port = uri.Port;
        var user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0) builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length == 2) builder.Password = Uri.UnescapeDataString(user[1]);
        if (uri.AbsolutePath.Length > 1) builder.Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            Set(builder, Uri.UnescapeDataString(parts[0]) is "sslmode" ? "SSL Mode" : Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? ""), problems);
        }
    }

    static void Set(NpgsqlConnectionStringBuilder builder, string word, string value, List<string> problems)
    {
        try
        {
            builder[word] = value;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or InvalidCastException or OverflowException or NotSupportedException)
        {
            // What was thrown may show the value, and that may be a password.
            problems.Add(builder.ContainsKey(word) ? $"has a value for '{word}' that cannot be one." : $"has '{word}', which is no setting of a connection.");
        }
    }
}
