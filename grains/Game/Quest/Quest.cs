namespace Quest;

/// <param name="Deed">What must be done, as other modules name it.</param>
/// <param name="Goal">How often.</param>
public sealed record Quest(string Name, string Deed, int Goal, int Gold, string Item)
{
    // A switch, not a static table: static fields that could change are refused when the package is prepared.
    public static Quest? Find(string name) => name switch
    {
        "veteran" => new(name, "match-fought", 2, 5, "potion"),
        "champion" => new(name, "match-won", 1, 8, "medal"),
        _ => null,
    };
}
