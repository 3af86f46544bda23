namespace Evergrain.Contracts;

/// <summary>What one call came to: a result or one typed error, and the one version and epoch that ran it.</summary>
public sealed record CallReply
{
    /// <summary>Set when the call failed.</summary>
    public CallError? Error { get; init; }

    /// <summary>UTF-8 JSON, unless <see cref="Raw"/>.</summary>
    public ReadOnlyMemory<byte> Result { get; init; }

    /// <summary>The result is the operation's own bytes, not JSON.</summary>
    public bool Raw { get; init; }

    /// <summary>The module version whose code ran; default when none did.</summary>
    public ModuleId Module { get; init; }

    /// <summary>The epoch that the turn ran at; on an error, the highest that the silo knew.</summary>
    public long Epoch { get; init; }

    /// <summary>The highest epoch that this call saw, directly or through calls that it awaited; what the caller's next call must carry.</summary>
    public long SeenEpoch { get; init; }

    public bool Ok => Error is null;

    public static CallReply Failed(CallError error, long epoch = 0, ModuleId module = default) => 
        new() { Error = error, Epoch = epoch, SeenEpoch = epoch, Module = module };
}
