namespace Evergrain.Contracts;

/// <summary>The one way in: runs one request on the entity's silo, wherever that is. Safe from any thread.</summary>
public interface IEntityCaller
{
    /// <summary>Never throws for what the call came to: every accepted call gets one reply, a result or a typed error.</summary>
    ValueTask<CallReply> Call(CallRequest request);
}
