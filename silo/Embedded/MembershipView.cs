using System.Collections.Immutable;

namespace Evergrain.Embedded;

/// <summary>Which silos live and which of them serve, at one moment. Each change is the next number. Immutable.</summary>
public sealed class MembershipView
{
    internal static readonly MembershipView None = new(0, [], Placement.Empty);

    internal MembershipView(long number, ImmutableArray<EmbeddedSilo> members, Placement placement) => (Number, Members, Placement) = (number, members, placement);

    /// <summary>Grows by one with each change; a view of a lower number is older.</summary>
    public long Number { get; }

    /// <summary>The silos that live, joining and leaving ones included. A silo that was declared dead and one that was started under its name
    /// are two.</summary>
    public ImmutableArray<EmbeddedSilo> Members { get; }

    internal Placement Placement { get; }

    /// <summary>Where the version grain lives: the same silo for all who have this view; null when there is no silo.</summary>
    internal EmbeddedSilo? Home => Placement.Owner(Placement.VersionGrain) ?? Members.FirstOrDefault();

    internal EmbeddedSilo? Find(string id) => Members.FirstOrDefault(member => member.Id == id);

    internal IReadOnlyCollection<string> Ids => [.. Members.Select(member => member.Id)];
}
