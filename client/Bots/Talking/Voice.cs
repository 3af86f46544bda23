using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Evergrain.Bots.Playing;
using Evergrain.Contracts;

namespace Evergrain.Bots.Talking;

/// <summary>How a bot speaks: each call has a key, goes through the ledger, and is now and then sent again by those with rough manners.</summary>
internal sealed class Voice(IGameLine line, World world, Manners manners)
{
    public async Task<Answer<TResult>> Ask<TArguments, TResult>(
        EntityId to, string operation, TArguments arguments, JsonTypeInfo<TArguments> argumentsType, JsonTypeInfo<TResult> resultType) where TResult : class
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(arguments, argumentsType);
        var key = NewKey();
        world.Ledger.Sent(key, operation, line.HighestEpoch, manners.ArePolite);
        if (await line.Call(to, operation, bytes, key) is not { } reply)
        {
            world.Ledger.Lost(key);
            return new(null, null);
        }
        world.Ledger.Answered(key, reply);
        if (manners.Resends()) await Resend(to, operation, bytes, key, reply);
        return new(reply, reply.Ok ? Read(reply.Result, resultType) : null);
    }

    public Task<Answer<TResult>> Ask<TResult>(EntityId to, string operation, JsonTypeInfo<TResult> resultType) where TResult : class =>
        Ask(to, operation, new NoArguments(), GameJson.Default.NoArguments, resultType);

    /// <summary>Null when it was refused; then the bot plays without events.</summary>
    public async Task<IAsyncDisposable?> Subscribe(EntityId entity, Action<GameEvent> onEvent)
    {
        var key = NewKey();
        world.Ledger.Sent(key, "subscribe", 0, manners.ArePolite);
        try
        {
            var subscription = await line.Subscribe(entity, onEvent);
            world.Ledger.Answered(key, new CallReply());
            return subscription;
        }
        catch (CallFailedException failed)
        {
            if (failed.Error.Code is ErrorCodes.ConnectionLost or ErrorCodes.Deadline) world.Ledger.Lost(key);
            else world.Ledger.Answered(key, CallReply.Failed(failed.Error));
            return null;
        }
    }

    /// <summary>Calls something that does not exist. To be refused is right, so it is no error of the run.</summary>
    public async Task AskNonsense(EntityId to)
    {
        world.Tally.Add(ref world.Tally.Rubbish);
        if (await line.Call(to, "battle.dance", "{}"u8.ToArray(), NewKey()) is { Ok: true }) world.NonsenseAnswered($"battle.dance of {to}");
    }

    public static T? Read<T>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<T> type) where T : class => JsonSerializer.Deserialize(bytes.Span, type);

    async Task Resend(EntityId to, string operation, byte[] arguments, Guid key, CallReply first)
    {
        world.Tally.Add(ref world.Tally.Resends);
        var again = await line.Call(to, operation, arguments, key);
        // What a silo had answered for a room in its last second may be gone with it; a wallet's or player's answer never is.
        var mayDiffer = world.Options.FaultsExpected && to.Kind is not ("wallet" or "player");
        if (again is not null && !mayDiffer) world.Ledger.Resent(key, operation, first, again);
    }

    Guid NewKey() => Guid.CreateVersion7(world.Time.GetUtcNow());
}

/// <param name="Reply">Null when the call was lost.</param>
/// <param name="Value">Null when it failed.</param>
internal readonly record struct Answer<T>(CallReply? Reply, T? Value) where T : class
{
    public string? Reason => Reply?.Error?.Reason;
}
