namespace Evergrain.Runtime;

/// <summary>Where work that belongs to no caller runs: only hosts supply threads, and a simulator supplies its one.</summary>
public interface IExecutor
{
    /// <summary>Runs the work soon, never on the caller's stack. The work must not throw. Safe from any thread.</summary>
    void Post(Action work);
}
