using System.Text.Json;

namespace Evergrain.EndToEnd.Tests.Running;

/// <summary>A host that dies while many write.</summary>
internal static class Crash
{
    const int Wallets = 20, Callers = 16;
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>Callers put gold into wallets until the host is killed in their midst; started again, it has all that it acknowledged, and no
    /// more than was sent.</summary>
    /// <param name="calls">So many are answered first.</param>
    public static async Task LosesNothing(string data, int calls)
    {
        var (acknowledged, sent) = (new int[Wallets], new int[Wallets]);
        await RunningHost.Over(data, async host =>
        {
            var answered = 0;
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var callers = Enumerable.Range(0, Callers).Select(Call).ToArray();
            await enough.Task.WaitAsync(Soon);
            host.Process.Kill();
            await Task.WhenAll(callers);

            // Until the door is shut in its face: what is not answered by then may have been written or not.
            async Task Call(int caller)
            {
                try
                {
                    for (var next = caller; ; next++)
                    {
                        Interlocked.Increment(ref sent[next % Wallets]);
                        await host.Answer($"wallet/w{next % Wallets}/wallet.credit", """{"amount":1}""");
                        Interlocked.Increment(ref acknowledged[next % Wallets]);
                        if (Interlocked.Increment(ref answered) == calls) enough.SetResult();
                    }
                }
                catch (HttpRequestException)
                {
                    Assert.True(answered >= calls, "The host died before it was killed.");
                }
            }
        });

        await RunningHost.Over(data, async host =>
        {
            for (var i = 0; i < Wallets; i++) Assert.InRange(Gold(await host.Answer($"wallet/w{i}/wallet.balance")), acknowledged[i], sent[i]);
        });
    }

    public static long Gold(JsonElement balance) => balance.GetProperty("balance").GetInt64();
}
