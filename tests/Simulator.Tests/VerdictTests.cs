using Evergrain.Simulator.Checks;
using Evergrain.Simulator.Runs;

namespace Evergrain.Simulator.Tests;

public class VerdictTests
{
    static readonly Breach Wrong = new("P2", default, "it ran twice", IsLiveness: false);
    static readonly Breach Missing = new("P7", default, "it has not ended", IsLiveness: true);

    [Fact]
    public void The_exit_code_says_how_it_ended()
    {
        Assert.Equal(0, Code(true, null));
        Assert.Equal(1, Code(true, null, Wrong));
        Assert.Equal(2, Code(false, null));
        Assert.Equal(2, Code(true, null, Missing));
        Assert.Equal(3, Code(false, "crash"));
    }

    [Fact]
    public void What_went_wrong_says_more_than_what_has_not_come() => Assert.Equal(1, Code(false, null, Missing, Wrong));

    static int Code(bool converged, string? crash, params Breach[] breaches) => (int)new RunResult(1, 0, breaches, converged, 0, default, [], new RunSize(), crash, crash is null).Verdict;
}
