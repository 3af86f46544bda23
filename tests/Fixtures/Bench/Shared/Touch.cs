namespace Bench;

public sealed record Touch(int Amount);
public sealed record Touched(int Schema, long Total);

/// <summary>The live entity's state before the rollout; in the second version only migrations know it.</summary>
public sealed record LiveStateV1(string Name, int Gold, int[] Items);
