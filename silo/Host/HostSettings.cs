using System.Net;
using Evergrain.Core.Entities;

namespace Evergrain.Host;

/// <summary>What the command line asks for.</summary>
/// <param name="Data">Where entities, releases and packages are kept; null: in memory.</param>
/// <param name="Development">Whether what only a developer's machine should offer is open: killing silos, operations that are for entities.</param>
internal sealed record HostSettings(IReadOnlyList<Uri> Urls, int Silos, string Packages, string? Data, bool Demo, bool AllowUnsigned, bool Development)
{
    /// <summary>The store was restored from a backup: see <see cref="Host.NewIncarnation"/>.</summary>
    public bool NewIncarnation { get; init; }

    /// <inheritdoc cref="EntitySiloOptions.WriteInterval"/>
    public TimeSpan WriteInterval { get; init; } = new EntitySiloOptions().WriteInterval;

    /// <summary>Development doors open only where nobody else can knock.</summary>
    public bool OpenDevelopmentDoors => Development && Urls.All(IsLoopback);

    static bool IsLoopback(Uri url) => url.IsLoopback || IPAddress.TryParse(url.Host, out var address) && IPAddress.IsLoopback(address);
}
