namespace Evergrain.ModuleSdk;

/// <summary>The rules of the game say no: the turn is dropped as a whole and the caller gets <c>rejected</c> with this reason.
/// Not a fault of the module.</summary>
/// <param name="reason">The module's own stable code, such as <c>not-enough-gold</c>.</param>
/// <param name="message">For people.</param>
public sealed class RejectedException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;
}

/// <summary>The arguments are no JSON of the declared type; the caller gets <c>bad-arguments</c>.</summary>
public sealed class BadArgumentsException(string message) : Exception(message);
