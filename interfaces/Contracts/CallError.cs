namespace Evergrain.Contracts;

/// <summary>Why a call has no result. <see cref="Code"/> is stable (<see cref="ErrorCodes"/>); the texts are for people.</summary>
public sealed record CallError(string Code, Ran Ran, string Message, string Next)
{
    /// <summary>The module's own code, with <see cref="ErrorCodes.Rejected"/>: why the rules of the game say no.</summary>
    public string? Reason { get; init; }

    /// <summary>When trying again makes sense, with <c>overloaded</c> and its like.</summary>
    public int? RetryAfterMs { get; init; }
}

/// <summary>Thrown to module code and client code when a call that it awaits fails.</summary>
public sealed class CallFailedException(CallError error) : Exception($"{error.Code}: {error.Message}")
{
    public CallError Error { get; } = error;
}
