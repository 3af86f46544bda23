using Evergrain.Contracts;

namespace Evergrain.Gateway.Socket;

internal enum MessageKind { None, Call, Subscribe, Unsubscribe, Ping, Resume }

/// <summary>One message of a client, read. Which members count depends on the kind.</summary>
internal struct ClientMessage
{
    public MessageKind Kind;
    public long? Id;
    public EntityId Entity;
    public string? Operation;
    public byte[]? Arguments;
    public Guid? Key;
    public long Epoch;
    public int? DeadlineMs;
    public string? Session;
    public Dictionary<EntityId, long>? After;
}
