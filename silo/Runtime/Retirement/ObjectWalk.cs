using System.Reflection;
using System.Runtime.Loader;

namespace Evergrain.Runtime.Retirement;

/// <summary>Walks objects breadth first, so that the shortest path to a holder is found.</summary>
internal sealed class ObjectWalk(AssemblyLoadContext dying, HolderSearchOptions options, TimeProvider time)
{
    sealed record Node(object Value, Node? Parent, string Step);

    readonly long started = time.GetTimestamp();
    readonly HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
    readonly Queue<Node> open = new();
    readonly Dictionary<Type, FieldInfo[]> fieldsOf = [];
    readonly Dictionary<Type, bool> isDying = [];
    readonly List<string> found = [];

    public IReadOnlyList<string> Found => found;
    public bool IsOver => found.Count >= options.MaxHolders || seen.Count >= options.MaxObjects || time.GetElapsedTime(started) > options.MaxTime;

    /// <summary>Whether a field of that type can lead anywhere.</summary>
    public static bool CanHold(Type type) => type is { IsPrimitive: false, IsEnum: false, IsPointer: false, IsByRefLike: false, IsFunctionPointer: false } && type != typeof(string);

    public static string Name(FieldInfo field) =>
        field.Name.StartsWith('<') && field.Name.IndexOf('>') is > 1 and var end ? field.Name[1..end] : field.Name;

    public void AddRoot(string name, object value) => Add(new Node(value, null, name));

    public void Run()
    {
        while (!IsOver && open.TryDequeue(out var node)) Visit(node);
        open.Clear();
    }

    void Visit(Node node)
    {
        switch (node.Value)
        {
            case Array array:
                if (!CanHold(array.GetType().GetElementType()!)) return;
                var index = 0;
                foreach (var item in array)
                {
                    if (item is not null) Add(new Node(item, node, $"[{index}]"));
                    index++;
                }
                break;
            case Delegate call:
                foreach (var one in call.GetInvocationList())
                    if (one.Target is { } target) Add(new Node(target, node, "Target"));
                break;
            default:
                foreach (var field in Fields(node.Value.GetType()))
                    if (field.GetValue(node.Value) is { } value) Add(new Node(value, node, Name(field)));
                break;
        }
    }

    void Add(Node node)
    {
        var type = node.Value.GetType();
        // A struct is a fresh box each time; what it refers to is what counts.
        if (!type.IsValueType && !seen.Add(node.Value)) return;
        if (Belongs(node.Value, type) is { } what) found.Add($"{Path(node)} ({what})");
        else if (node.Value is not (string or Type or MemberInfo or Assembly or Module or WeakReference or AssemblyLoadContext or Pointer)) open.Enqueue(node);
    }

    string? Belongs(object value, Type type)
    {
        if (IsDying(type)) return type.FullName ?? type.Name;
        if (value is Delegate call)
            foreach (var one in call.GetInvocationList())
                if (one.Method.DeclaringType is { } declaring && IsDying(declaring)) return $"a delegate to {declaring.FullName}.{one.Method.Name}";
        if (value is Type named && IsDying(named)) return $"the type {named.FullName}";
        if (value is MemberInfo { DeclaringType: { } owner } member && IsDying(owner)) return $"the member {owner.FullName}.{member.Name}";
        return value is Assembly assembly && AssemblyLoadContext.GetLoadContext(assembly) == dying ? $"the assembly {assembly.GetName().Name}" : null;
    }

    // A List<ModuleType> of the framework's own belongs to the context as well: its argument does.
    bool IsDying(Type type)
    {
        if (!type.IsCollectible) return false;
        if (isDying.TryGetValue(type, out var known)) return known;
        var dies = AssemblyLoadContext.GetLoadContext(type.Assembly) == dying
            || (type.HasElementType && IsDying(type.GetElementType()!))
            || (type.IsConstructedGenericType && type.GetGenericArguments().Any(IsDying));
        isDying[type] = dies;
        return dies;
    }

    FieldInfo[] Fields(Type type)
    {
        if (fieldsOf.TryGetValue(type, out var known)) return known;
        var fields = new List<FieldInfo>();
        for (var at = type; at is not null && at != typeof(object); at = at.BaseType)
            fields.AddRange(at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Where(field => CanHold(field.FieldType)));
        return fieldsOf[type] = [.. fields];
    }

    static string Path(Node node)
    {
        var steps = new Stack<string>();
        for (Node? at = node; at is not null; at = at.Parent) steps.Push(at.Step);
        return string.Join(" → ", steps);
    }
}
