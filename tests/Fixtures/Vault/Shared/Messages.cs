namespace Vault;

// Every change has an id of the caller's own, which stays in the state: what ran twice, or not at all, shows.

public sealed record Mint(string Id, long Gold);
public sealed record Give(string Id, string To, long Gold);
public sealed record Later(string Id, long Gold, int Frames);
public sealed record Close(string Id, string To);
public sealed record Receive(string Id, long Gold);
public sealed record Note(string Id);
public sealed record Gift(string Id, string To, long Gold);
public sealed record PurseView(long Gold, string[] Applied, int Schema);
public sealed record TallyView(string[] Applied, int Schema);
