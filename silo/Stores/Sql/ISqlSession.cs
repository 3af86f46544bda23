using System.Data.Common;

namespace Evergrain.Stores.Sql;

/// <summary>A connection to a database, for statements whose parameters are $1, $2 and so on. Used by one thread at a time.</summary>
public interface ISqlSession
{
    /// <summary>How many rows it changed.</summary>
    int Change(string sql, params ReadOnlySpan<object> parameters);

    /// <summary>To be disposed before anything else is asked.</summary>
    DbDataReader Query(string sql, params ReadOnlySpan<object> parameters);
}

/// <summary>The connection that writes, in a transaction.</summary>
public interface ISqlWriting : ISqlSession
{
    /// <summary>Writes or removes the row of an entity; the change has its outcome once the transaction is committed.</summary>
    void Put(EntityChange change);
}
