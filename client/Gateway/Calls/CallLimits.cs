namespace Evergrain.Gateway.Calls;

/// <summary>What both frontend doors ask of a call.</summary>
internal static class CallLimits
{
    public const int MaxOperationLength = 128;
    public const int MaxDeadlineMs = 600_000;

    public const string KeyNext = "Send a UUIDv7, new for each call and the same when the call is sent again.";
    public const string EntityNext = "Write it kind/key, as in battle/room-17.";
    public const string OperationNext = "Write it module.operation, as in battle.cast.";
    public static readonly string DeadlineNext = $"Send 1 to {MaxDeadlineMs} milliseconds, or leave it out for 10 seconds.";

    public static bool IsKey(Guid key) => key.Version == 7 && (key.Variant & 0b1100) == 0b1000;

    public static bool IsDeadline(int ms) => ms is >= 1 and <= MaxDeadlineMs;

    public static bool IsOperation(string operation)
    {
        var dot = operation.IndexOf('.');
        if (dot <= 0 || dot == operation.Length - 1 || operation.Length > MaxOperationLength) return false;
        foreach (var c in operation)
            if (c is <= ' ' or > '~') return false;
        return true;
    }
}
