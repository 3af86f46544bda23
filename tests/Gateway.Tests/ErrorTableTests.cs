using System.Reflection;
using Evergrain.Contracts;
using Evergrain.Gateway.Problems;

namespace Evergrain.Gateway.Tests;

public class ErrorTableTests
{
    public static TheoryData<string> Codes => [.. typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)];

    [Theory, MemberData(nameof(Codes))]
    public void Every_error_code_has_a_status_and_a_title(string code)
    {
        Assert.True(ErrorTable.Knows(code), $"'{code}' is missing in the table.");
        Assert.InRange(ErrorTable.Of(code).Status, 400, 599);
        Assert.NotEqual("", ErrorTable.Of(code).Title);
    }

    [Fact]
    public void A_code_that_a_newer_silo_knows_is_a_server_error_by_its_own_name() =>
        Assert.Equal(new ErrorTable.Row(500, "from-the-future"), ErrorTable.Of("from-the-future"));
}
