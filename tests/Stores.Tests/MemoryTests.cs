using Evergrain.Stores.Tests.Conformance;
using Evergrain.Stores.Tests.Stores;

namespace Evergrain.Stores.Tests;

public sealed class MemoryEntityTests(MemoryHouse house) : EntityConformance(house), IClassFixture<MemoryHouse>;
public sealed class MemoryListingTests(MemoryHouse house) : ListingConformance(house), IClassFixture<MemoryHouse>;
public sealed class MemoryClusterTests(MemoryHouse house) : ClusterConformance(house), IClassFixture<MemoryHouse>;
public sealed class MemoryPackageTests(MemoryHouse house) : PackageConformance(house), IClassFixture<MemoryHouse>;
