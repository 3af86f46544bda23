using System.Globalization;
using Evergrain.Simulator.Runs;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Tests;

public class CommittedCoverageTests
{
    [Fact]
    public void In_the_runs_of_the_gate_each_fault_that_there_is_struck_often_enough_in_each_phase()
    {
        var rows = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "COVERAGE.md")).Select(line => line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            var row = Assert.Single(rows, row => row is [var name, _, ..] && name == kind.ToString());
            Assert.Equal(1 + 6, row.Length);
            Assert.All(row.Skip(1), hits => Assert.True(int.Parse(hits, CultureInfo.InvariantCulture) >= Coverage.Wanted, $"{kind}: {string.Join(", ", row.Skip(1))}"));
        }
        Assert.Contains(rows, row => row is [var line] && line.EndsWith($"of {Coverage.OfRuns}.", StringComparison.Ordinal));
    }
}
