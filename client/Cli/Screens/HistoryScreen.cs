using Evergrain.Contracts.Ops;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Evergrain.Cli.Screens;

internal static class HistoryScreen
{
    public static IRenderable Of(IReadOnlyList<ReleaseStatus> releases) => releases.Count == 0
        ? Say.Line("No release has served yet.")
        : new Rows(releases.Select(Release));

    static IRenderable Release(ReleaseStatus release)
    {
        var undoes = release.Undoes is { } epoch ? $"  [yellow]undoes epoch {epoch}[/]" : "";
        var rollout = release.RolloutId is { } id ? $"  {Say.Faint(id)}" : "";
        var reason = release.Reason is { } why ? $"  {Say.Safe(why)}" : "";
        var rows = new List<IRenderable>
        {
            Say.Line($"[bold]epoch {release.Epoch}[/]  {Say.Faint(Say.Time(release.At))}  {Say.Safe(release.Actor)}{rollout}{undoes}{reason}"),
        };
        rows.AddRange(release.Changes.Select(change => Say.Indented(ChangeScreen.Of(change))));
        rows.Add(Say.Indented(Say.Line(Say.Faint($"serves {string.Join(' ', release.Modules)}"))));
        return new Rows(rows);
    }
}
