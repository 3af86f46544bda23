using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Evergrain.Contracts;

namespace Evergrain.ModuleSdk;

/// <summary>Where a module says what it is made of. Every mistake is collected and reported at once by <see cref="Build"/>.</summary>
public sealed class ModuleBuilder(string name, string version)
{
    readonly List<ISliceBuilder> slices = [];
    readonly SortedSet<string> uses = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, JsonTypeInfo> dataSets = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, JsonTypeInfo> events = new(StringComparer.Ordinal);
    readonly List<Finding> findings = [];

    public string Name { get; } = name;
    public string Version { get; } = version;
    internal ModuleJson Types { get; } = new();

    /// <summary>Names the module's source-generated JSON context; several may be named. Say it first.</summary>
    public ModuleBuilder Json(JsonSerializerContext context)
    {
        Types.Add(context);
        return this;
    }

    /// <summary>This module owns the entity kind: it makes its first state and says how durable it is.</summary>
    /// <param name="schema">The number of the state's schema, from 1; a new one with every change of shape beyond added optional fields.</param>
    /// <param name="initial">Makes the first state of an entity.</param>
    public SliceBuilder<TState> Owns<TState>(string kind, int schema, Func<EntityId, TState> initial, KindOptions? options = null) where TState : class =>
        Add(new SliceBuilder<TState>(this, kind, schema, initial, options ?? new KindOptions()));

    /// <summary>This module adds a slice to a kind that another module owns.</summary>
    /// <inheritdoc cref="Owns{TState}"/>
    public SliceBuilder<TState> Extends<TState>(string kind, int schema, Func<EntityId, TState> initial) where TState : class =>
        Add(new SliceBuilder<TState>(this, kind, schema, initial, null));

    /// <summary>Declares operations of other modules that this one calls, so that a release without them is refused.</summary>
    public ModuleBuilder Uses(params ReadOnlySpan<string> operations)
    {
        foreach (var operation in operations) uses.Add(operation);
        return this;
    }

    /// <summary>Declares a data set; handlers read it with <c>turn.Data&lt;T&gt;()</c>.</summary>
    public ModuleBuilder Data<T>(string dataSet) where T : class
    {
        if (Types.Find<T>() is not { } typeInfo) Report("type-without-json", dataSet, ModuleJson.MissingType(typeof(T)));
        else if (!Types.TryAddDataSet(dataSet, typeInfo) || !dataSets.TryAdd(dataSet, typeInfo)) Report("declared-twice", dataSet, $"The data set {dataSet} or its type is declared twice.");
        return this;
    }

    /// <summary>Checks everything and gives the definition.</summary>
    /// <exception cref="FindingsException">All that is wrong, at once.</exception>
    public ModuleDefinition Build()
    {
        if (slices.Count == 0) Report("no-slice", Name, "The module owns no kind and adds no slice: call Owns or Extends in Configure.");
        foreach (var doubled in slices.GroupBy(slice => slice.Kind).Where(group => group.Count() > 1))
            Report("declared-twice", doubled.Key, $"The module declares the kind {doubled.Key} twice.");
        foreach (var doubled in slices.SelectMany(slice => slice.OperationNames).GroupBy(operation => operation).Where(group => group.Count() > 1))
            Report("operation-twice", doubled.Key, $"Two operations are named {doubled.Key}.");

        var built = slices.Select(slice => slice.Build()).ToArray();
        return findings.Count == 0
            ? new ModuleDefinition
            {
                Name = Name, Version = Version, Slices = built, Uses = [.. uses],
                DataSets = [.. dataSets.Keys], DataSetTypes = dataSets, EventTypes = events,
            }
            : throw new FindingsException(ErrorCodes.BadPackage, $"{Name}@{Version} is not configured right: {string.Join(' ', findings.Select(f => f.Message))}",
                "Mend Configure and build the package again.", findings);
    }

    internal void Report(string code, string where, string message) =>
        findings.Add(new Finding($"module/{code}", where, message, "Mend the module's Configure.") { Module = $"{Name}@{Version}" });

    internal void Describe(string eventName, JsonTypeInfo typeInfo) => events[eventName] = typeInfo;

    SliceBuilder<TState> Add<TState>(SliceBuilder<TState> slice) where TState : class
    {
        slices.Add(slice);
        return slice;
    }
}

internal interface ISliceBuilder
{
    string Kind { get; }
    IEnumerable<string> OperationNames { get; }
    SliceDefinition Build();
}
