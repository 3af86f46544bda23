using Evergrain.Contracts;

namespace Evergrain.Bots.Talking;

/// <summary>One player's connection to the game, with what rough bots need to misbehave. Safe from any thread.</summary>
internal interface IGameLine : IAsyncDisposable
{
    /// <summary>The highest epoch that a reply or event carried.</summary>
    long HighestEpoch { get; }

    /// <summary>Null when no answer came within the deadline and the time after it, through resume and retry with the same key.</summary>
    Task<CallReply?> Call(EntityId to, string operation, ReadOnlyMemory<byte> arguments, Guid key);

    /// <exception cref="CallFailedException">The gateway refused, or did not answer.</exception>
    Task<IAsyncDisposable> Subscribe(EntityId entity, Action<GameEvent> onEvent);

    /// <summary>Breaks the connection as a lost network would; it comes back by itself.</summary>
    void Drop();

    void StopReading();
    void ReadOn();

    /// <summary>Sends a text that is no message.</summary>
    void SendRubbish(string text);
}
