using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;
using Microsoft.Extensions.Logging;

namespace Evergrain.Core.Entities;

/// <summary>What entities write to the silo's log; every line names entity, version and epoch.</summary>
internal sealed partial class EntityLog(ILogger logger, string silo)
{
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

    public void EntryExpired(EntityId entity, ScheduleEntry entry, long frame) => Expired(logger, silo, entity, entry.Operation, entry.DueFrame, frame);
    public void EntryFailed(EntityId entity, ScheduleEntry entry, CallError error) => Failed(logger, silo, entity, entry.Operation, entry.DueFrame, error.Message);
    public void WorkEnded(EntityId entity, RunningWork work, string how) => Ended(logger, silo, entity, work.Name, work.Operation, work.Slot.Id, how);

    public void Unawaited() => Dropped(logger, silo);

    [LoggerMessage(Message = "{Silo} {Entity} {Operation} {Module} epoch {Epoch}: {Message}")]
    static partial void Line(ILogger logger, LogLevel level, string silo, EntityId entity, string operation, ModuleId module, long epoch, string message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Silo} {Entity}: {Operation}, due at frame {Due}, expired at frame {Frame}")]
    static partial void Expired(ILogger logger, string silo, EntityId entity, string operation, long due, long frame);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Silo} {Entity}: {Operation}, due at frame {Due}, failed: {Why}")]
    static partial void Failed(ILogger logger, string silo, EntityId entity, string operation, long due, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Silo}: a handler that may not await left work unawaited, which ended there. Make the operation async and await it, or use turn.Run")]
    static partial void Dropped(ILogger logger, string silo);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Silo} {Entity}: tracked work '{Work}' of {Operation}, {Module}, ended: {How}")]
    static partial void Ended(ILogger logger, string silo, EntityId entity, string work, string operation, ModuleId module, string how);
}
