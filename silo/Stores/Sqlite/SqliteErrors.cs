using Evergrain.Core.State;
using Microsoft.Data.Sqlite;

namespace Evergrain.Stores.Sqlite;

/// <summary>What goes wrong in SQLite, as the ports say it.</summary>
internal static class SqliteErrors
{
    const int Busy = 5, Disk = 10, Full = 13, NotADatabase = 26;

    public static Exception Of(Exception thrown) => thrown switch
    {
        SqliteException { SqliteErrorCode: Full } => new StoreFullException("The store's file cannot grow: the disk is full, or the file is as large as it may be."),
        StoreUnavailableException or UnreadableRecordException or StoreFullException => thrown,
        _ => new StoreUnavailableException($"{thrown.GetType().Name}: {thrown.Message}"),
    };

    /// <summary>A commit that ended like this was not applied, and never will be.</summary>
    public static bool LeavesNothing(Exception thrown) => thrown is SqliteException { SqliteErrorCode: Full or Busy };

    /// <summary>Why the file cannot be a store.</summary>
    public static string WhyNot(Exception thrown) => thrown switch
    {
        SqliteException { SqliteErrorCode: NotADatabase } => "it is no SQLite database.",
        SqliteException { SqliteErrorCode: Busy } => "another program has locked it.",
        SqliteException { SqliteErrorCode: Full } => "there is no room where it lies: make some.",
        SqliteException { SqliteErrorCode: Disk } => "its disk does not do as it is told (SQLite: disk I/O error): see whether it is full or broken.",
        InvalidDataException other => other.Message,
        IOException => "another host has it open.",
        _ => thrown.Message,
    };
}
