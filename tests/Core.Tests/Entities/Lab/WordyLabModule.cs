using Evergrain.ModuleSdk;

namespace Evergrain.Core.Tests.Entities.Lab;

/// <summary>Module <c>lab</c> at schema 1, whose <c>add</c> takes a word and adds its length.</summary>
internal sealed class WordyLabModule : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(LabJson.Default)
        .Owns("box", 1, _ => Box.Empty, new KindOptions { IdleAfter = TimeSpan.FromMinutes(1) })
        .Operation<Nothing, Amount>("get", (turn, _) => new Amount(turn.State.Count))
        .Operation<Word, Amount>("add", (turn, word) => { turn.State = turn.State.Add(word.Value.Length); return new Amount(turn.State.Count); })
        .Operation<Text, Nothing>("plan", (turn, word) => { turn.Every(20, "lab.add", new Word(word.Value)); return Nothing.Value; });
}
