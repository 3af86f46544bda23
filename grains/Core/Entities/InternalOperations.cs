namespace Evergrain.Core.Entities;

/// <summary>What entities ask of each other beside the modules' operations. Only entities can: doors refuse names that begin with <c>$</c>.</summary>
internal static class InternalOperations
{
    public const char Mark = '$';

    /// <summary>Makes the entity, where it does not exist.</summary>
    public const string Create = "$create";

    /// <summary>Destroys the entity, with all that it owns.</summary>
    public const string Destroy = "$destroy";

    /// <summary>The caller is destroyed when this entity is.</summary>
    public const string Own = "$own";

    /// <summary>The caller is gone, or has another owner.</summary>
    public const string Disown = "$disown";

    /// <summary>The caller knows the answers to these sends: 16 bytes for each key.</summary>
    public const string Acknowledge = "$acknowledge";

    /// <summary>Comes into memory and does what is due: sent for entities of the wake-up index.</summary>
    public const string Wake = "$wake";
}
