// Each host has the machine for itself: what is slow here should be the host, not the test beside it.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
