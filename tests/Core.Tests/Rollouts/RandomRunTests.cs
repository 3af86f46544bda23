using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;

namespace Evergrain.Core.Tests.Rollouts;

/// <summary>Seeded runs in which anything that may go wrong does, in any order of execution. <see cref="CheckedStore"/> and
/// <see cref="FakeModules"/> hold P4, P6 and P10 at every write and activation; the end of each run holds P7, P8 and P9.</summary>
public sealed class RandomRunTests
{
    static readonly string[] Versions = ["1.0.0", "1.1.0", "2.0.0", "3.0.0"];

    [Theory]
    [InlineData(0)]
    [InlineData(75)]
    [InlineData(150)]
    [InlineData(225)]
    public void Whatever_goes_wrong_every_epoch_has_one_release_and_all_converge(int firstSeed)
    {
        var (commits, aborts) = (0, 0);
        for (var seed = firstSeed; seed < firstSeed + 75; seed++)
        {
            try
            {
                var world = new RandomRun(seed).Play();
                commits += (int)world.Release.Epoch;
                aborts += world.History.Rollouts.Count(rollout => rollout.Phase is RolloutPhase.Aborted);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {seed}: {failure.Message}", failure);
            }
        }
        // The runs must have done something, of either kind.
        Assert.True(commits > 150 && aborts > 15, $"{commits} commits, {aborts} aborts");
    }

    sealed class RandomRun
    {
        readonly Random random;
        readonly World world;
        readonly List<Task> asked = [];
        int silos;
        readonly bool suspects;
        bool calm;

        public RandomRun(int seed)
        {
            random = new Random(seed);
            world = new World(seed, anyOrder: true) { Starting = Disturb, HintArrives = _ => calm ? 1 : random.Next(3) };
            suspects = seed % 2 == 0;
            if (suspects) world.MayLeave = _ => true;
            foreach (var name in (string[])["battle", "lobby"])
                foreach (var version in Versions) world.Packages.Publish(name, version, schema: version[0] - '0');
            for (var i = 0; i < 3; i++) Join();
        }

        public World Play()
        {
            for (var step = 0; step < 60; step++)
            {
                Disturb();
                world.Run(random.NextDouble() * 1.5);
            }
            Calm();
            world.Run(200);
            Converged();
            return world;
        }

        void Disturb()
        {
            switch (random.Next(12))
            {
                case 0 or 1 or 2 or 3: asked.Add(world.Grain.StartRollout(Request(), "ann")); break;
                case 4: asked.Add(world.Grain.Undo(new UndoRequest(), "ann")); break;
                case 5 when world.Record.Rollout is { } rollout: asked.Add(world.Grain.Abort(rollout.Id, new AbortRequest(), "ann")); break;
                case 6: world.Alive().Kill(); break;
                case 7: world.StartVersionGrain(); break;
                case 8 when world.Silos.Values.Count(silo => !silo.Dead) > 1: Any().Kill(); break;
                case 9 when world.Silos.Values.Count(silo => !silo.Dead) < 5: Join(); break;
                case 10 when world.Silos.Values.Count(silo => !silo.Dead) > 1: asked.Add(Any().Leave()); break;
            }
        }

        TestSilo Any()
        {
            var alive = world.Silos.Values.Where(silo => !silo.Dead).ToList();
            return alive[random.Next(alive.Count)];
        }

        // Now and then under the name of one that is dead.
        void Join()
        {
            var dead = world.Silos.Values.FirstOrDefault(silo => silo.Dead);
            var silo = world.AddSilo(dead is not null && random.Next(2) == 0 ? dead.Id : $"s{++silos}");
            silo.Modules.PrepareTakes = _ => TimeSpan.FromMilliseconds(random.Next(2000));
            silo.Modules.DrainTakes = TimeSpan.FromMilliseconds(random.Next(3000));
            silo.Modules.Refuses = (package, _) => !calm && random.Next(6) == 0 ? new Finding("load/throws", package.Name, "It throws.", "Mend it.") : null;
            silo.Store.Fault = _ => Fault();
            silo.ReportArrives = _ => calm || random.Next(5) > 0;
        }

        // In every second run version grains also take living silos for dead.
        void Disturb(TestVersionGrain grain)
        {
            grain.Store.Fault = _ => Fault();
            if (!suspects) return;
            var suspected = $"s{random.Next(1, 5)}";
            grain.SeesAlive = () => [.. world.Silos.Values.Where(silo => !silo.Dead && (calm || silo.Id != suspected)).Select(silo => silo.Id)];
        }

        WriteFault Fault() => calm || random.Next(6) > 0 ? WriteFault.None : (WriteFault)random.Next(1, 6);

        RolloutRequest Request() => new()
        {
            Modules = random.Next(3) == 0 ? [Module("battle"), Module("lobby")] : [Module(random.Next(2) == 0 ? "battle" : "lobby")],
            DeadlineSeconds = random.Next(1, 20), PrepareRetries = random.Next(4), DryRun = random.Next(8) == 0,
        };

        ModuleId Module(string name) => new(name, Versions[random.Next(Versions.Length)]);

        void Calm()
        {
            calm = true;
            foreach (var grain in world.VersionGrains.Skip(1).Where(_ => random.Next(2) == 0)) grain.Kill();
        }

        void Converged()
        {
            var record = world.Record;
            Assert.True(record.Rollout is null or { Ended: true }, $"The rollout is still {record.Rollout?.Phase}.");
            var alive = world.Silos.Values.Where(silo => !silo.Dead).ToList();
            Assert.Equal(alive.Select(silo => silo.Id).Order(), record.Silos.Select(silo => silo.Id).Order());
            foreach (var silo in alive)
            {
                Assert.True(silo.Agent.Ready && silo.Started!.IsCompletedSuccessfully, $"{silo.Id} is not ready.");
                Assert.Equal(record.Epoch, silo.Agent.Epoch);
                Assert.Equal(record.Release.Packages, silo.Modules.Serving);
                Assert.Equal(record.Release.Packages.Select(package => package.ToString()), silo.Modules.Loaded);
            }
            Assert.All(asked, task => Assert.True(task.IsCompleted, "A request was never answered."));
            foreach (var failure in asked.Where(task => task.IsFaulted)) Assert.True(failure.Exception!.InnerException is FindingsException or CallFailedException { Error.RetryAfterMs: > 0 }, failure.Exception.ToString());
        }
    }
}
