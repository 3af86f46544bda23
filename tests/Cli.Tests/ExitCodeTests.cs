using System.Reflection;
using Evergrain.Contracts;

namespace Evergrain.Cli.Tests;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData(ErrorCodes.BadPackage, 422, 3)]
    [InlineData(ErrorCodes.NothingToUndo, 409, 3)]
    [InlineData(ErrorCodes.UnknownVersion, 422, 6)]
    [InlineData(ErrorCodes.RolloutRunning, 409, 7)]
    [InlineData(ErrorCodes.Deadline, 504, 5)]
    [InlineData("a-code-from-the-future", 404, 6)]
    [InlineData("a-code-from-the-future", 409, 3)]
    [InlineData("a-code-from-the-future", 503, 7)]
    [InlineData("a-code-from-the-future", 504, 5)]
    public void An_error_code_decides_and_an_unknown_one_goes_by_its_http_status(string code, int status, int expected) =>
        Assert.Equal(expected, ExitCode.Of(Recorded.Refusal(code, status, "refused")));

    [Fact]
    public void Every_error_code_of_the_contracts_has_an_exit_code_that_is_documented()
    {
        var codes = typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).ToList();

        Assert.NotEmpty(codes);
        foreach (var code in codes)
        {
            // Whatever status a server gives it: an error is never "done", "failed" or "interrupted".
            var exitCode = ExitCode.Of(Recorded.Refusal(code, 400, "refused"));
            Assert.InRange(exitCode, ExitCode.Refused, ExitCode.NotNow);
            Assert.Contains(ExitCode.All, entry => entry.Code == exitCode);
        }
    }
}
