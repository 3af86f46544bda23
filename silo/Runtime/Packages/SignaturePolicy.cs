namespace Evergrain.Runtime;

/// <summary>Which packages are trusted to come from whom they say.</summary>
public sealed record SignaturePolicy
{
    /// <summary>Take packages that nobody signed. Default false; development hosts set it.</summary>
    public bool AcceptUnsigned { get; init; }
}
