using Evergrain.Runtime;

namespace Evergrain.Stores.Tests.Stores;

/// <summary>A thread for writing that a test can hold.</summary>
internal sealed class HeldThread(IExecutor thread) : IExecutor
{
    readonly IExecutor thread = thread;
    readonly Lock gate = new();
    List<Action>? held;

    public void Post(Action work)
    {
        lock (gate)
        {
            if (held is not null)
            {
                held.Add(work);
                return;
            }
        }
        thread.Post(work);
    }

    public IDisposable Hold()
    {
        lock (gate) held = [];
        return new Release(this);
    }

    sealed class Release(HeldThread owner) : IDisposable
    {
        public void Dispose()
        {
            List<Action> work;
            lock (owner.gate) (work, owner.held) = (owner.held!, null);
            foreach (var one in work) owner.thread.Post(one);
        }
    }
}
