namespace Evergrain.Contracts;

/// <summary>One version of a module or data set, written <c>battle@1.1.0</c>. The version is SemVer 2.0.</summary>
public readonly record struct ModuleId(string Name, string Version)
{
    public override string ToString() => $"{Name}@{Version}";

    /// <exception cref="FormatException">The text is not <c>name@version</c>.</exception>
    public static ModuleId Parse(string text)
    {
        var at = text.IndexOf('@');
        return at > 0 && at < text.Length - 1
            ? new ModuleId(text[..at], text[(at + 1)..])
            : throw new FormatException($"'{text}' is not a module version: write it name@version, as in battle@1.1.0.");
    }
}
