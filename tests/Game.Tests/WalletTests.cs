using Evergrain.Game.Tests.Table;
using Evergrain.ModuleSdk;

namespace Evergrain.Game.Tests;

public sealed class WalletTests
{
    readonly GameTable table = new();

    long Gold(string player) => table.Call(player, $"wallet/{player}", "wallet.balance").GetProperty("balance").GetInt64();
    long Credit(string player, long amount) => table.Call("battle/x", $"wallet/{player}", "wallet.credit", $$"""{"amount":{{amount}}}""").GetProperty("balance").GetInt64();
    long Transfer(string from, string to, long amount, string? caller = null) =>
        table.Call(caller ?? from, $"wallet/{from}", "wallet.transfer", $$"""{"to":"{{to}}","amount":{{amount}}}""").GetProperty("balance").GetInt64();

    [Fact]
    public void A_transfer_moves_gold_and_makes_none()
    {
        Assert.Equal(30, Credit("ann", 30));
        Assert.Equal(18, Transfer("ann", "bob", 12));
        Assert.Equal((18, 12), (Gold("ann"), Gold("bob")));
        Assert.Equal(17, Transfer("ann", "wallet/bob", 1));
        Assert.Equal(13, Gold("bob"));
    }

    [Theory]
    [InlineData("ann", "bob", 31, "ann", "not-enough-gold")]
    [InlineData("ann", "bob", 0, "ann", "bad-amount")]
    [InlineData("ann", "bob", -5, "ann", "bad-amount")]
    [InlineData("ann", "bob", 5, "bob", "not-your-wallet")]
    [InlineData("ann", "ann", 5, "ann", "same-wallet")]
    [InlineData("ann", "battle/x", 5, "ann", "no-such-wallet")]
    public void A_wrong_transfer_is_refused_and_moves_nothing(string from, string to, long amount, string caller, string reason)
    {
        Credit("ann", 30);
        Assert.Equal(reason, Assert.Throws<RejectedException>(() => Transfer(from, to, amount, caller)).Reason);
        Assert.Equal((30, 0), (Gold("ann"), Gold("bob")));
    }

    [Fact]
    public void A_credit_that_would_overflow_is_refused()
    {
        Credit("ann", long.MaxValue);
        Assert.Equal("wallet-full", Assert.Throws<RejectedException>(() => Credit("ann", 1)).Reason);
        Assert.Equal(long.MaxValue, Gold("ann"));
    }

    [Fact]
    public void A_full_wallet_gives_back_what_it_cannot_hold()
    {
        Credit("ann", 5);
        Credit("bob", long.MaxValue - 2);
        Transfer("ann", "bob", 5);
        Assert.Equal((5, long.MaxValue - 2), (Gold("ann"), Gold("bob")));
    }

    [Theory]
    [InlineData("wallet.credit", "{}")]
    [InlineData("wallet.transfer", """{"amount":1}""")]
    [InlineData("wallet.transfer", """{"to":null,"amount":1}""")]
    [InlineData("wallet.credit", """{"amount":1.5}""")]
    [InlineData("wallet.credit", """{"amount":9223372036854775808}""")]
    public void Arguments_that_do_not_fit_are_bad_arguments(string operation, string arguments) =>
        Assert.Throws<BadArgumentsException>(() => table.Call("ann", "wallet/ann", operation, arguments));
}
