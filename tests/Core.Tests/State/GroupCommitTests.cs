using Evergrain.Core.State;
using Evergrain.Core.State.Batching;
using Evergrain.Core.Tests.Time;

namespace Evergrain.Core.Tests.State;

public sealed class GroupCommitTests
{
    static readonly CommitFailure Nothing = new(new StoreUnavailableException("it cannot be"), LeavesNothing: true);
    static readonly CommitFailure Unknown = new(new StoreUnavailableException("no answer"), LeavesNothing: false);
    readonly StepExecutor threads = new();
    readonly List<string> rows = [];
    readonly List<int> transactions = [];
    Func<IReadOnlyList<string>, CommitFailure?> disk = _ => null;

    [Fact]
    public void What_waits_together_is_one_transaction()
    {
        var writer = Make();
        var writes = Enumerable.Range(0, 5).Select(i => Write(writer, $"{i}")).ToList();

        threads.Drain();

        Assert.Equal(["0", "1", "2", "3", "4"], rows);
        Assert.Equal(1, writer.Commits);
        Assert.All(writes, write => Assert.True(write.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task One_that_cannot_be_written_fails_alone()
    {
        disk = added => added.Contains("bad") ? Nothing : null;
        var writer = Make();
        Task[] good = [Write(writer, "a"), Write(writer, "b")];
        var bad = Write(writer, "bad");

        threads.Drain();

        Assert.Equal(["a", "b"], rows);
        Assert.Equal([3, 1, 1, 1], transactions);
        Assert.Equal(2, writer.Commits);
        await Task.WhenAll(good);
        Assert.Equal("it cannot be", (await Assert.ThrowsAsync<StoreUnavailableException>(() => bad)).Message);
    }

    [Fact]
    public void Where_nobody_knows_whether_it_stands_nothing_is_done_again_and_everyone_is_told()
    {
        disk = _ => Unknown;
        var writer = Make();
        Task[] writes = [Write(writer, "a"), Write(writer, "b")];

        threads.Drain();

        Assert.Equal([2], transactions);
        Assert.Equal(0, writer.Commits);
        Assert.All(writes, write => Assert.Equal("no answer", write.Exception!.InnerException!.Message));
    }

    [Fact]
    public void Work_that_finds_that_it_must_not_be_done_fails_alone_in_the_same_transaction()
    {
        var writer = Make();
        var refused = writer.Do<bool>(_ => throw new RefusedException(new InvalidOperationException("against the rules"))).AsTask();
        var other = Write(writer, "a");

        threads.Drain();

        Assert.Equal([2], transactions);
        Assert.True(other.IsCompletedSuccessfully);
        Assert.Equal("against the rules", Assert.IsType<InvalidOperationException>(refused.Exception!.InnerException).Message);
    }

    [Fact]
    public async Task Closed_it_writes_what_it_has_taken_and_refuses_the_rest()
    {
        var writer = Make();
        var taken = Write(writer, "a");
        var closing = writer.Close();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Write(writer, "b"));
        threads.Drain();
        Assert.True(taken.IsCompletedSuccessfully && closing.IsCompletedSuccessfully);
        Assert.Equal(["a"], rows);
    }

    GroupCommit<List<string>> Make() => new(threads, threads, Commit, mostAtOnce: 100);

    static Task Write(GroupCommit<List<string>> writer, string row) => writer.Do(added =>
    {
        added.Add(row);
        return true;
    }).AsTask();

    CommitFailure? Commit(IReadOnlyList<StoreWork<List<string>>> batch)
    {
        transactions.Add(batch.Count);
        var added = new List<string>();
        foreach (var piece in batch) piece.Do(added);
        if (disk(added) is { } failure) return failure;
        rows.AddRange(added);
        return null;
    }
}
