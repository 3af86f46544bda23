namespace Evergrain.ModuleSdk;

/// <summary>The arguments of an operation that takes none, the result of one that gives none: JSON <c>{}</c>.</summary>
public sealed record Nothing
{
    public static readonly Nothing Value = new();
}
