using Evergrain.Core.State.Batching;

namespace Evergrain.Stores.Sql;

/// <summary>A database as a store needs it: its connections, and what goes wrong with them.</summary>
public interface ISqlDatabase : IAsyncDisposable
{
    SqlDialect Dialect { get; }

    /// <summary>Pieces of work in one transaction, at the most.</summary>
    int MostAtOnce { get; }

    /// <summary>Does all of it in one transaction, on the writing thread. Null when it stands; must not throw.</summary>
    CommitFailure? Commit(IReadOnlyList<StoreWork<ISqlWriting>> batch);

    /// <summary>Answers a question that changes nothing. From several threads at once; must not throw.</summary>
    void Read(StoreWork<ISqlSession> question);
}

/// <summary>Where the statements of two databases differ.</summary>
/// <param name="Schema">Stands before the name of each table.</param>
/// <param name="Locking">Ends a query of rows that are about to be changed.</param>
/// <param name="Wakes">The condition of rows in the wake-up index.</param>
public sealed record SqlDialect(string Schema, string Locking, string Wakes);
