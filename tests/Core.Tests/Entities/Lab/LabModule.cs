using System.Globalization;
using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Core.Tests.Entities.Lab;

/// <summary>Module <c>lab</c> at schema 1: a box that counts and notes, kept by interval, and a vault that is the same before its reply.</summary>
internal sealed class LabModule : GameModule
{
    public override void Configure(ModuleBuilder module)
    {
        module.Json(LabJson.Default).Data<Prices>("prices");
        Kind(module.Owns("box", 1, _ => Box.Empty, new KindOptions { IdleAfter = TimeSpan.FromMinutes(1) })).Event<Told>("told")
            .Operation<Nothing, Amount>("price", (turn, _) => new Amount(turn.Data<Prices>().Sword))
            .Operation<Text, Amount>("price-later", async (turn, door) => { await Doors.At(door.Value); return new Amount(turn.Data<Prices>().Sword); });
    }

    public static SliceBuilder<Box> Kind(SliceBuilder<Box> kind) => kind
        .Operation<Amount, Amount>("add", Add)
        .Operation<Nothing, Amount>("get", (turn, _) => new Amount(turn.State.Count))
        .Operation<Amount, Amount>("give", Add, Audience.Entities)
        .Operation<Text, Nothing>("note", (turn, text) => Note(turn, text.Value))
        .Operation<Nothing, Nothing>("forget", (turn, n) => { turn.State = turn.State with { Log = [] }; return n; })
        .Operation<Nothing, Text>("log", (turn, _) => new Text(string.Join(' ', turn.State.Log)))
        .Operation<Wish, Amount>("wish", Grant)
        .Operation<Wish, Amount>("wish-later", async (turn, wish) => { await Doors.At(wish.To); return Grant(turn, wish); })
        .Operation<Text, Amount>("wait", Wait)
        .Operation<Text, Amount>("parallel", Parallel)
        .Operation<Text, Amount>("patient", async (turn, door) => { await Doors.At(door.Value).WaitAsync(turn.Token); return new Amount(turn.State.Count); })
        .Operation<Ask, Amount>("ask", Asks)
        .Operation<Ask, Amount>("ask-then-throw", async (turn, ask) => { await Asks(turn, ask); throw new InvalidOperationException("after asking"); })
        .Operation<Ask, Amount>("ask-both", AskBoth)
        .Operation<Ask, Amount>("send", (turn, ask) => { turn.State = turn.State.Add(-ask.Value); turn.Send(EntityId.Parse(ask.To), ask.Operation, new Amount(ask.Value)); return new Amount(turn.State.Count); })
        .Operation<Amount, Amount>("tell", (turn, many) => { for (var i = 0; i < many.Value; i++) turn.Publish(new Told(i)); return many; })
        .Operation<Plan, Amount>("plan", Plans)
        .Operation<Amount, Amount>("cancel", (turn, id) => new Amount(turn.Cancel(id.Value) ? 1 : 0))
        .Operation<Nothing, Nothing>("start", (turn, n) => { turn.StartFrames(); return n; })
        .Operation<Nothing, Nothing>("stop", (turn, n) => { turn.StopFrames(); return n; })
        .Operation<Text, Nothing>("work", (turn, door) => { turn.Run("knitting", work => Knit(work, door.Value)); return Nothing.Value; })
        .Operation<Text, Nothing>("stubborn", (turn, door) => { turn.Run("stubborn", _ => Doors.At(door.Value)); return Nothing.Value; })
        .Operation<Text, Nothing>("listen", (turn, door) => { turn.Run("listening", work => Listen(work, door.Value)); return Nothing.Value; })
        .Operation<Ask, Nothing>("errand", (turn, ask) => { turn.Run("errand", work => Errand(work, ask)); return Nothing.Value; })
        .Operation<Ask, Amount>("send-then-ask", async (turn, ask) => { turn.Send(EntityId.Parse("box/z"), ask.Operation, new Amount(ask.Value)); return await Asks(turn, ask); })
        .Operation<Text, Nothing>("ignore-delays", (turn, door) => { turn.Run("ignoring", work => Ignore(door.Value, () => work.Delay(TimeSpan.FromDays(1)))); return Nothing.Value; })
        .Operation<Text, Nothing>("ignore-calls", (turn, door) => { turn.Run("ignoring", work => Ignore(door.Value, () => work.Call<Nothing, Amount>(work.Entity, "lab.get", Nothing.Value).AsTask())); return Nothing.Value; })
        .Operation<Nothing, Amount>("roll", (turn, _) => new Amount(turn.Random.Next(1_000_000)))
        .Operation<Text, Nothing>("destroy", (turn, last) => { turn.State = turn.State.Note(last.Value); turn.Destroy(); return Nothing.Value; })
        .Operation<Text, Nothing>("create", (turn, id) => { turn.Create(EntityId.Parse(id.Value)); return Nothing.Value; })
        .Operation<Text, Nothing>("join", (turn, id) => { turn.OwnedBy(EntityId.Parse(id.Value)); return Nothing.Value; })
        .Operation<Nothing, Nothing>("save", (turn, n) => { turn.State = turn.State.Add(1); turn.Save(); return n; })
        .Operation<Text, Nothing>("keep-turn", async (turn, name) => { Kept.Turns[name.Value] = turn; turn.State = turn.State.Add(1); await Task.CompletedTask; return Nothing.Value; })
        .Operation<Text, Nothing>("destroy-keeping-turn", async (turn, name) => { Kept.Turns[name.Value] = turn; turn.Destroy(); await Task.CompletedTask; return Nothing.Value; })
        .Operation<Ask, Nothing>("fail-calling", async (turn, ask) => { await Task.Yield(); throw new CallingException(() => _ = turn.Call<Amount, Amount>(EntityId.Parse(ask.To), ask.Operation, new Amount(ask.Value))); })
        .Frame(turn => turn.State = turn.State.Note($"f{turn.Frame}"));

    public static Amount Add(Turn<Box> turn, Amount amount)
    {
        if (turn.State.Count + amount.Value < 0) throw turn.Reject("too-little", "There is not that much.");
        turn.State = turn.State.Add(amount.Value);
        return new Amount(turn.State.Count);
    }

    public static Nothing Note(Turn<Box> turn, string line)
    {
        turn.State = turn.State.Note(line);
        return Nothing.Value;
    }

    static Amount Grant(Turn<Box> turn, Wish wish)
    {
        turn.State = turn.State.Add(1);
        turn.Publish(new Told(turn.State.Count));
        turn.After(1, turn.Entity.Kind == "vault" ? "safe.note" : "lab.note", new Text("scheduled"));
        turn.Run("wished", _ => Task.CompletedTask);
        if (wish.Mode != "interval") turn.Send(EntityId.Parse(wish.Mode == "later" ? "box/other" : wish.To), "lab.add", new Amount(1));
        for (var i = 0; wish.Mode == "greedy" && i < 1000; i++) turn.Publish(new Told(i));
        return wish.Mode switch
        {
            "throw" => throw new InvalidOperationException("no wish"),
            "reject" => throw turn.Reject("no", "Not today."),
            _ => new Amount(turn.State.Count),
        };
    }

    static async ValueTask<Amount> Wait(Turn<Box> turn, Text door)
    {
        turn.State = turn.State.Add(1);
        await Doors.At(door.Value);
        Doors.Pass(door.Value);
        turn.State = turn.State.Note("waited");
        return new Amount(turn.State.Count);
    }

    // Three strands of one turn: were two to run at once, a step of theirs would be lost.
    static async ValueTask<Amount> Parallel(Turn<Box> turn, Text door)
    {
        await Task.WhenAll(Strand(), Strand(), Strand());
        return new Amount(turn.State.Count);

        async Task Strand()
        {
            for (var i = 0; i < 10; i++)
            {
                await Task.Yield();
                turn.State = turn.State.Add(1);
                await Doors.At(door.Value);
            }
        }
    }

    static async ValueTask<Amount> Asks(Turn<Box> turn, Ask ask)
    {
        turn.State = turn.State.Add(100);
        try
        {
            var answer = await turn.Call<Amount, Amount>(EntityId.Parse(ask.To), ask.Operation, new Amount(ask.Value));
            turn.State = turn.State.Note("asked");
            return answer;
        }
        catch (CallFailedException failed) when (ask.Catch)
        {
            return new Amount(failed.Error.Code.Length);
        }
    }

    // "box/a+box/b": asks both at once.
    static async ValueTask<Amount> AskBoth(Turn<Box> turn, Ask ask)
    {
        var answers = await Task.WhenAll(ask.To.Split('+').Select(to => turn.Call<Amount, Amount>(EntityId.Parse(to), ask.Operation, new Amount(ask.Value)).AsTask()));
        return new Amount(answers.Sum(answer => answer.Value));
    }

    static Amount Plans(Turn<Box> turn, Plan plan)
    {
        long? expires = plan.Expires < 0 ? null : plan.Expires;
        var id = plan.Operation == "lab.note"
            ? turn.After(plan.Frames, plan.Operation, new Text(plan.Value.ToString(CultureInfo.InvariantCulture)), plan.Priority, expires)
            : plan.Every ? turn.Every(plan.Frames, plan.Operation, new Amount(plan.Value), plan.Priority, expires)
            : turn.After(plan.Frames, plan.Operation, new Amount(plan.Value), plan.Priority, expires);
        return new Amount((int)id);
    }

    // Against the rules: it hears that it is to end and goes on; the bound is the test's own.
    static async Task Ignore(string door, Func<Task> step)
    {
        await Doors.At(door);
        for (var i = 0; i < 1000; i++)
        {
            try
            {
                await step();
            }
            catch (OperationCanceledException)
            {
                Doors.Pass(door);
            }
        }
    }

    static async Task Knit(TrackedWork work, string door)
    {
        await Doors.At(door).WaitAsync(work.Token);
        await work.Call<Amount, Amount>(work.Entity, "lab.add", new Amount(1000));
    }

    static async Task Listen(TrackedWork work, string door)
    {
        await using var ear = work.Token.Register(() => Doors.Pass(door));
        await Doors.At(door);
    }

    // First to the one that it was told, then to box/z.
    static async Task Errand(TrackedWork work, Ask ask)
    {
        await work.Call<Amount, Amount>(EntityId.Parse(ask.To), ask.Operation, new Amount(ask.Value));
        await work.Call<Amount, Amount>(EntityId.Parse("box/z"), ask.Operation, new Amount(ask.Value));
    }
}

/// <summary>Does something, against the rules, when it is asked what happened.</summary>
internal sealed class CallingException(Action asked) : Exception
{
    public override string Message
    {
        get
        {
            asked();
            return "it called";
        }
    }
}

/// <summary>Turns that a handler let out, against the rules.</summary>
internal static class Kept
{
    public static readonly System.Collections.Concurrent.ConcurrentDictionary<string, Turn> Turns = new();
}
