using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;
using Microsoft.Extensions.Logging;

namespace Evergrain.Core.Entities;

/// <summary>What entities write to the silo's log; every line names entity, version and epoch.</summary>
internal sealed partial class EntityLog(ILogger logger, string silo, TimeProvider time)
{
    readonly LogPace<LogSubject> pace = new(time);

    public void Turn(TurnLogLevel level, EntityId entity, string operation, ModuleId module, long epoch, string message)
    {
        var severity = level switch
        {
            TurnLogLevel.Debug => LogLevel.Debug,
            TurnLogLevel.Information => LogLevel.Information,
            TurnLogLevel.Warning => LogLevel.Warning,
            _ => LogLevel.Error,
        };
        Line(logger, severity, silo, entity, operation, module, epoch, message);
    }

    /// <summary>A turn failed by a mistake in its module; paced, since a frame makes it again and again.</summary>
    public void Fault(EntityId entity, string operation, ModuleId module, long epoch, string message)
    {
        if (Paced("fault", entity, operation, module, ref message)) Line(logger, LogLevel.Error, silo, entity, operation, module, epoch, message);
    }

    public void EntryExpired(EntityId entity, ScheduleEntry entry, long frame)
    {
        var rest = "";
        if (Paced("expired", entity, entry.Operation, default, ref rest)) Expired(logger, silo, entity, entry.Operation, entry.DueFrame, frame, rest);
    }

    public void EntryFailed(EntityId entity, ScheduleEntry entry, ModuleId module, CallError error)
    {
        var why = error.Message;
        if (Paced("entry failed", entity, entry.Operation, module, ref why)) Failed(logger, silo, entity, entry.Operation, entry.DueFrame, why);
    }

    public void EntryHeld(EntityId entity, ScheduleEntry entry, string why)
    {
        if (Paced("entry held", entity, entry.Operation, default, ref why)) Held(logger, silo, entity, entry.Operation, entry.DueFrame, why);
    }

    public void WorkEnded(EntityId entity, RunningWork work, string how) => Ended(logger, silo, entity, work.Name, work.Operation, work.Slot.Id, how);

    public void Unawaited()
    {
        if (pace.Allows(new LogSubject("unawaited", "", "", default), out _)) Dropped(logger, silo);
    }

    /// <summary>The silo ends, and the store does not have all of these entities.</summary>
    public void LeftUnwritten(int entities) => Unwritten(logger, silo, entities);

    bool Paced(string what, EntityId entity, string operation, ModuleId module, ref string text)
    {
        if (!pace.Allows(new LogSubject(what, entity.Kind, operation, module), out var leftOut)) return false;
        if (leftOut > 0) text += $" (and {leftOut} more such of kind {entity.Kind} since the last line)";
        return true;
    }

    [LoggerMessage(Message = "{Silo} {Entity} {Operation} {Module} epoch {Epoch}: {Message}")]
    static partial void Line(ILogger logger, LogLevel level, string silo, EntityId entity, string operation, ModuleId module, long epoch, string message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Silo} {Entity}: {Operation}, due at frame {Due}, expired at frame {Frame}{Rest}")]
    static partial void Expired(ILogger logger, string silo, EntityId entity, string operation, long due, long frame, string rest);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Silo} {Entity}: {Operation}, due at frame {Due}, failed: {Why}")]
    static partial void Failed(ILogger logger, string silo, EntityId entity, string operation, long due, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Silo} {Entity}: {Operation}, due at frame {Due}, is kept for a version that can run it: {Why}")]
    static partial void Held(ILogger logger, string silo, EntityId entity, string operation, long due, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Silo}: a handler that may not await left work unawaited, which ended there. Make the operation async and await it, or use turn.Run")]
    static partial void Dropped(ILogger logger, string silo);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Silo} ends before {Entities} entities could be written: what the store does not have of them is lost")]
    static partial void Unwritten(ILogger logger, string silo, int entities);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Silo} {Entity}: tracked work '{Work}' of {Operation}, {Module}, ended: {How}")]
    static partial void Ended(ILogger logger, string silo, EntityId entity, string work, string operation, ModuleId module, string how);
}

/// <summary>What lines of one pace are about.</summary>
/// <param name="What">What went wrong: a fault, an entry that failed.</param>
internal readonly record struct LogSubject(string What, string Kind, string Operation, ModuleId Module);
