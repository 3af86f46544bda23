using Evergrain.Contracts;
using Evergrain.Core.Operators;
using Evergrain.Core.State;

namespace Evergrain.Core.Tests.State;

/// <summary>What a store cannot or does not answer, as operators hear it.</summary>
public sealed class StoreAnswerTests
{
    [Fact]
    public void A_command_that_needs_what_the_store_lacks_is_store_cannot()
    {
        var refused = Assert.Throws<FindingsException>(() => new PlainStore().Need(StoreCapabilities.Scan, "list entities"));
        Assert.Equal(ErrorCodes.StoreCannot, refused.Code);
        Assert.Contains("'scan'", refused.Message, StringComparison.Ordinal);
        new MemoryEntityStore().Need(StoreCapabilities.Scan | StoreCapabilities.Batch, "list entities");
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_store_unavailable_with_a_time_to_retry()
    {
        var failed = await Assert.ThrowsAsync<CallFailedException>(() => StoreAnswers.Asked(() => new PlainStore().Read(EntityId.Parse("box/a"))));
        Assert.Equal((ErrorCodes.StoreUnavailable, 1000), (failed.Error.Code, failed.Error.RetryAfterMs));
    }

    [Fact]
    public async Task What_a_write_without_an_answer_came_to_is_unknown()
    {
        var failed = await Assert.ThrowsAsync<CallFailedException>(() => StoreAnswers.Asked(() => new PlainStore().Write([]), Ran.Unknown));
        Assert.Equal((Ran.Unknown, 1000), (failed.Error.Ran, failed.Error.RetryAfterMs));
    }

    [Fact]
    public async Task A_store_without_room_is_store_full_with_a_time_to_retry()
    {
        var failed = await Assert.ThrowsAsync<CallFailedException>(() => StoreAnswers.Asked<int>(() => throw new StoreFullException("the disk is full."), Ran.Unknown));
        Assert.Equal((ErrorCodes.StoreFull, Ran.No, 5000), (failed.Error.Code, failed.Error.Ran, failed.Error.RetryAfterMs));
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_named()
    {
        var id = EntityId.Parse("box/a");
        var failed = await Assert.ThrowsAsync<CallFailedException>(() => StoreAnswers.Asked<int>(() => throw new UnreadableRecordException(new UnreadableRecord(id, "1", "it is cut off."))));
        Assert.Equal(ErrorCodes.RecordUnreadable, failed.Error.Code);
        Assert.Contains("box/a", failed.Error.Message, StringComparison.Ordinal);
    }

    sealed class PlainStore : IEntityStore
    {
        public StoreCapabilities Capabilities => StoreCapabilities.None;
        public ValueTask<EntityRecord?> Read(EntityId id) => throw new StoreUnavailableException("it is away.");
        public ValueTask<IReadOnlyList<WriteOutcome>> Write(IReadOnlyList<EntityWrite> writes) => throw new StoreUnavailableException("it is away.");
        public ValueTask<IReadOnlyList<EntityId>> WakeUps() => throw new StoreUnavailableException("it is away.");
        public ValueTask<EntityPage> List(EntityQuery query) => throw new StoreUnavailableException("it cannot.");
    }
}
