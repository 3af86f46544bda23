using Evergrain.Core.Operators;
using Evergrain.Core.State;

namespace Evergrain.Core.Tests.State;

public sealed class EarlierWriteTests
{
    [Fact]
    public void A_slice_remembers_who_wrote_it_and_the_bytes_of_the_last_other_schema()
    {
        var slice = new SliceRecord("lab", 1, [1], "1.0.0", 1);
        slice = new SliceRecord("lab", 1, [2], "1.0.0", 2).Over(slice);
        Assert.Empty(slice.Earlier);
        slice = new SliceRecord("lab", 1, [3], "1.1.0", 3).Over(slice);
        Assert.Equal(("1.0.0", 2, null), (slice.Earlier[0].Version, slice.Earlier[0].Epoch, slice.Before));

        slice = new SliceRecord("lab", 2, [4], "2.0.0", 4).Over(slice);
        slice = new SliceRecord("lab", 2, [5], "2.1.0", 5).Over(slice);
        Assert.Equal(["2.0.0", "1.1.0", "1.0.0"], slice.Earlier.Select(write => write.Version));
        Assert.Equal([3], slice.Before!.Bytes!);
        slice = new SliceRecord("lab", 3, [6], "3.0.0", 6).Over(slice);
        Assert.Equal((2, 5), (slice.Before!.Schema, slice.Before.Bytes!.Single()));
        Assert.Single(slice.Earlier, write => write.Bytes is not null);
    }

    [Fact]
    public void It_remembers_no_more_than_so_many_each_once()
    {
        var slice = new SliceRecord("lab", 1, [1], "0.0.0", 1);
        for (var i = 1; i < 40; i++) slice = new SliceRecord("lab", 1, [1], $"{i % 20}.0.0", i).Over(slice);
        Assert.Equal(SliceRecord.MostEarlier, slice.Earlier.Length);
        Assert.Equal(slice.Earlier.Select(write => write.Version).Distinct(), slice.Earlier.Select(write => write.Version));
    }

    [Fact]
    public void Only_slices_that_the_serving_schema_does_not_fit_are_restored()
    {
        var old = new SliceRecord("lab", 1, [1], "1.0.0", 1);
        var record = new EntityRecord
        {
            Id = new("box", "a"), Epoch = 5, WriteId = Guid.NewGuid(), Created = true,
            Slices = [new SliceRecord("lab", 2, [2], "2.0.0", 4).Over(old), new SliceRecord("safe", 2, [3], "2.0.0", 4).Over(old with { Module = "safe" }), old with { Module = "gone", Schema = 9 }],
        };
        var restored = EarlierState.Restore(record, module => module switch { "lab" => 1, "safe" => 2, _ => null }, 9)!;

        Assert.Equal([1, 2, 9], restored.Slices.Select(slice => slice.Schema));
        Assert.Equal((9, false), (restored.Epoch, restored.WriteId == record.WriteId));
        Assert.Equal([2], restored.Slices[0].Before!.Bytes!);
        Assert.Null(EarlierState.Restore(record, _ => null, 9));
    }
}
