using Microsoft.Extensions.Logging;

namespace Evergrain.Core.Tests.Entities;

/// <summary>What the silos of a world wrote to their logs.</summary>
internal sealed class LogLines : ILogger
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    public bool IsEnabled(LogLevel level) => true;
    public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> text) => Lines.Add($"{level}: {text(state, exception)}");
}
