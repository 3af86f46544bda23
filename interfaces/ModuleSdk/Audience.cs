namespace Evergrain.ModuleSdk;

/// <summary>Who may call an operation.</summary>
public enum Audience
{
    /// <summary>Players and entities.</summary>
    Anyone,

    /// <summary>Other entities only; on development hosts, players too.</summary>
    Entities,
}
