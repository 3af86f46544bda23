namespace Bad.Code;

/// <summary>The classic: two heartbeats a connection, a delayed closure, and a state-sync that never ends.</summary>
public sealed class BattleLeak
{
    static readonly List<Timer> Heartbeats = [];
    bool connected = true;

    public void Connect()
    {
        Heartbeats.Add(new Timer(_ => Ping(), null, 1000, 1000));
        Heartbeats.Add(new Timer(_ => Ping(), null, 5000, 5000));
        Task.Delay(30_000).ContinueWith(_ => connected = false);
        Task.Run(SyncState);
    }

    async Task SyncState()
    {
        while (connected)
        {
            await Task.Delay(100);
            Ping();
        }
    }

    void Ping() { }
}
