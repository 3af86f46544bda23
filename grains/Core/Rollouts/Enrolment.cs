namespace Evergrain.Core.Rollouts;

/// <summary>Puts one silo into the record's list and takes it out. Belongs to the agent's lane.</summary>
internal sealed class Enrolment(ClusterWriter store, string silo, Guid instance, TimeProvider time)
{
    // Everyone who writes gets through at some time; at the next look it goes on.
    const int MostAttempts = 16;

    public bool In(ClusterRecord record) => record.Silo(silo)?.Instance == instance;

    /// <summary>The newest record, with this silo in it if nobody else kept writing all the time.</summary>
    public async Task<ClusterRecord> Enrol()
    {
        var record = await store.Read();
        for (var attempt = 0; attempt < MostAttempts && !In(record); attempt++)
            record = await Write(record, [.. Others(record), new EnrolledSilo(silo, instance, time.GetUtcNow())]);
        return record;
    }

    /// <summary>False when it is still in the record.</summary>
    public async Task<bool> Leave()
    {
        var record = await store.Read();
        for (var attempt = 0; attempt < MostAttempts && In(record); attempt++)
            record = await Write(record, [.. Others(record)]);
        return !In(record);
    }

    IEnumerable<EnrolledSilo> Others(ClusterRecord record) => record.Silos.Where(other => other.Id != silo);

    async Task<ClusterRecord> Write(ClusterRecord record, IEnumerable<EnrolledSilo> silos) =>
        await store.Write(record with { Silos = [.. silos.OrderBy(one => one.Id, StringComparer.Ordinal)] }, record.Etag) switch
        {
            ClusterWriteOutcome.Written written => written.Record,
            ClusterWriteOutcome.Conflict conflict => conflict.Current,
            var outcome => throw new InvalidOperationException($"The writer clears up {outcome}."),
        };
}
