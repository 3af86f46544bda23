using Evergrain.Contracts;

namespace Evergrain.Gateway.Socket;

/// <summary>Collects everything that is wrong with one message. One fault speaks by its own code, several are one <c>bad-message</c>.</summary>
internal struct MessageFaults
{
    List<CallError>? faults;

    public readonly bool Any => faults is not null;

    public void Add(string message, string next, string code = ErrorCodes.BadMessage) =>
        (faults ??= []).Add(new CallError(code, Ran.No, message, next));

    public readonly CallError? Error => faults switch
    {
        null => null,
        [var only] => only,
        _ => new CallError(ErrorCodes.BadMessage, Ran.No, string.Join(" ", faults.Select(f => f.Message)), string.Join(" ", faults.Select(f => f.Next).Distinct())),
    };
}
