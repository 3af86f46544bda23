using System.Collections.Frozen;

namespace Evergrain.Runtime.Verification;

/// <summary>What a module's code may touch: the one table. A namespace or type that is not listed is refused; what is refused by name
/// comes with the reason. It keeps accidents out, not attackers.</summary>
internal static class CodeRules
{
    /// <param name="Code">Of the finding, <c>code/…</c>.</param>
    internal sealed record Refusal(string Code, string Why, string Next);

    static readonly Refusal Clock = new("clock", "reads the machine's clock", "Use turn.Now, or turn.Frame.");
    static readonly Refusal Chance = new("random", "draws unseeded chance", "Use turn.Random.");
    static readonly Refusal Timer = new("timer", "starts a timer that outlives the turn", "Use turn.After, turn.Every or tracked work (turn.Run).");
    static readonly Refusal Task = new("free-task", "starts work that belongs to no entity", "Use tracked work: turn.Run(name, work).");
    static readonly Refusal Thread = new("thread", "uses threads of its own", "Use tracked work: turn.Run(name, work).");
    static readonly Refusal Ambient = new("ambient", "keeps state in the thread or the async flow", "Keep state in the entity's slice.");
    static readonly Refusal Escape = new("configure-await", "leaves the entity's scheduler", "Await without ConfigureAwait.");
    static readonly Refusal Reflection = new("reflection", "uses reflection that keeps the module's code loaded", "Write ordinary code.");
    static readonly Refusal ReflectionJson = new("reflection-json", "serializes by reflection, which keeps the module's code loaded", "Use the overload that takes the JsonTypeInfo or context of a source-generated JsonSerializerContext.");
    static readonly Refusal HostEvent = new("host-event", "reaches into the process that hosts it", "A module has no access to its host.");
    static readonly Refusal Outside = new("outside-world", "reaches files, sockets, processes or the console", "Let a service outside the game do it; log with turn.Log.");
    static readonly Refusal NotAllowed = new("not-allowed", "is not on the list of what modules may use", "Do without it.");

    static readonly Refusal AsyncVoid = new("async-void", "cannot be awaited, and takes the whole process down when it throws", "Return a Task or ValueTask, and await it.");
    static readonly Refusal BlockingWait = new("blocking-wait", "blocks the entity's turn", "Await instead.");

    /// <summary>Types by full name, and members as <c>Type::Member</c>.</summary>
    static readonly FrozenDictionary<string, Refusal> Refused = new Dictionary<string, Refusal>
    {
        ["System.DateTime::get_Now"] = Clock, ["System.DateTime::get_UtcNow"] = Clock, ["System.DateTime::get_Today"] = Clock,
        ["System.DateTimeOffset::get_Now"] = Clock, ["System.DateTimeOffset::get_UtcNow"] = Clock, ["System.TimeProvider"] = Clock,
        ["System.Environment::get_TickCount"] = Clock, ["System.Environment::get_TickCount64"] = Clock, ["System.Diagnostics.Stopwatch"] = Clock,
        ["System.Random::.ctor()"] = Chance, ["System.Random::get_Shared"] = Chance, ["System.Guid::NewGuid"] = Chance, ["System.Guid::CreateVersion7"] = Chance,
        ["System.Security.Cryptography.RandomNumberGenerator"] = Chance,
        ["System.Threading.Timer"] = Timer, ["System.Threading.PeriodicTimer"] = Timer, ["System.Timers.Timer"] = Timer,
        ["System.Threading.Tasks.Task::Delay"] = Timer, ["System.Threading.CancellationTokenSource::CancelAfter"] = Timer,
        ["System.Threading.Tasks.Task::Run"] = Task, ["System.Threading.Tasks.Task::get_Factory"] = Task, ["System.Threading.Tasks.Task`1::get_Factory"] = Task,
        ["System.Threading.Tasks.Task::Start"] = Task, ["System.Threading.Tasks.Task::.ctor"] = Task, ["System.Threading.Tasks.Task`1::.ctor"] = Task,
        ["System.Threading.Tasks.Task::ContinueWith"] = Task, ["System.Threading.Tasks.Task`1::ContinueWith"] = Task, ["System.Linq.ParallelEnumerable"] = Thread,
        ["System.Threading.Tasks.TaskFactory"] = Task, ["System.Threading.Tasks.TaskFactory`1"] = Task, ["System.Threading.Tasks.Parallel"] = Task, ["System.Threading.Tasks.TaskScheduler"] = Task,
        ["System.Threading.Thread"] = Thread, ["System.Threading.ThreadPool"] = Thread, ["System.Threading.SynchronizationContext"] = Thread,
        ["System.Threading.Tasks.Task::Wait"] = BlockingWait, ["System.Threading.Tasks.Task::WaitAll"] = BlockingWait, ["System.Threading.Tasks.Task::WaitAny"] = BlockingWait,
        ["System.Runtime.CompilerServices.AsyncVoidMethodBuilder"] = AsyncVoid,
        ["System.Threading.AsyncLocal`1"] = Ambient, ["System.Threading.ThreadLocal`1"] = Ambient, ["System.ThreadStaticAttribute"] = Ambient,
        ["System.Threading.ExecutionContext"] = Ambient,
        ["System.Threading.Tasks.Task::ConfigureAwait"] = Escape, ["System.Threading.Tasks.Task`1::ConfigureAwait"] = Escape,
        ["System.Threading.Tasks.ValueTask::ConfigureAwait"] = Escape, ["System.Threading.Tasks.ValueTask`1::ConfigureAwait"] = Escape,
        ["System.Threading.Tasks.TaskAsyncEnumerableExtensions::ConfigureAwait"] = Escape,
        ["System.ComponentModel.TypeDescriptor"] = Reflection, ["System.Reflection.DispatchProxy"] = Reflection,
        ["System.Reflection.Assembly"] = Reflection, ["System.Type::GetType"] = Reflection, ["System.Linq.Expressions.Expression`1::Compile(System.Boolean)"] = Reflection,
        ["System.Linq.Expressions.LambdaExpression::Compile(System.Boolean)"] = Reflection,
        ["System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver"] = ReflectionJson, ["System.Text.Json.Serialization.JsonStringEnumConverter"] = ReflectionJson,
        ["System.AppDomain"] = HostEvent, ["System.Runtime.Loader.AssemblyLoadContext"] = HostEvent, ["System.GC"] = HostEvent, ["System.AppContext"] = HostEvent,
        ["System.Runtime.InteropServices.GCHandle"] = HostEvent, ["System.Runtime.InteropServices.NativeLibrary"] = HostEvent, ["System.Runtime.InteropServices.PosixSignalRegistration"] = HostEvent,
        ["System.Environment"] = HostEvent, ["System.Console"] = Outside,
    }.ToFrozenDictionary();

    /// <summary>Namespaces with all below them, for a better reason than that they are not listed.</summary>
    static readonly (string Namespace, Refusal Refusal)[] RefusedNamespaces =
    [
        ("System.Timers", Timer), ("Microsoft.CSharp", Reflection), ("System.Dynamic", Reflection), ("System.Reflection", Reflection), ("System.ComponentModel", Reflection),
        ("System.IO", Outside), ("System.Net", Outside), ("System.Diagnostics", Outside), ("System.Data", Outside), ("System.Runtime.InteropServices", HostEvent),
        ("System.Runtime.Loader", HostEvent), ("System.Threading", Thread), ("Newtonsoft.Json", ReflectionJson),
    ];

    /// <summary>Whole namespaces, without those below them.</summary>
    static readonly FrozenSet<string> AllowedNamespaces = new[]
    {
        "System", "System.Buffers", "System.Buffers.Binary", "System.Buffers.Text", "System.CodeDom.Compiler", "System.Collections", "System.Collections.Concurrent",
        "System.Collections.Frozen", "System.Collections.Generic", "System.Collections.Immutable", "System.Collections.ObjectModel", "System.Collections.Specialized",
        "System.Diagnostics.CodeAnalysis", "System.Globalization", "System.IO.Hashing", "System.Linq", "System.Linq.Expressions", "System.Numerics", "System.Numerics.Tensors",
        "System.Runtime", "System.Runtime.CompilerServices", "System.Runtime.ExceptionServices", "System.Runtime.Intrinsics", "System.Runtime.Intrinsics.X86", "System.Runtime.Intrinsics.Arm",
        "System.Runtime.Serialization", "System.Runtime.Versioning", "System.Security", "System.Security.Cryptography", "System.Security.Permissions", "System.Text", "System.Text.Encodings.Web", "System.Text.Json",
        "System.Text.Json.Nodes", "System.Text.Json.Schema", "System.Text.Json.Serialization", "System.Text.Json.Serialization.Metadata", "System.Text.RegularExpressions", "System.Text.Unicode",
        "System.Threading.Tasks", "System.Threading.Tasks.Sources", "Microsoft.CodeAnalysis",
        "Evergrain.Contracts", "Evergrain.ModuleSdk",
    }.ToFrozenSet();

    /// <summary>Single types and members of namespaces that are not allowed as a whole.</summary>
    static readonly FrozenSet<string> Allowed = new[]
    {
        "System.Environment::get_NewLine", "System.Environment::get_CurrentManagedThreadId",
        "System.ComponentModel.EditorBrowsableAttribute", "System.ComponentModel.EditorBrowsableState", "System.ComponentModel.DefaultValueAttribute", "System.ComponentModel.DescriptionAttribute",
        "System.Diagnostics.Debug", "System.Diagnostics.DebuggableAttribute", "System.Diagnostics.DebuggableAttribute+DebuggingModes", "System.Diagnostics.DebuggerBrowsableAttribute", "System.Diagnostics.DebuggerBrowsableState",
        "System.Diagnostics.DebuggerDisplayAttribute", "System.Diagnostics.DebuggerHiddenAttribute", "System.Diagnostics.DebuggerNonUserCodeAttribute", "System.Diagnostics.DebuggerStepThroughAttribute",
        "System.Diagnostics.StackTraceHiddenAttribute", "System.Diagnostics.UnreachableException", "System.Diagnostics.ConditionalAttribute", "System.Diagnostics.DebuggerTypeProxyAttribute",
        "System.GC::SuppressFinalize",
        "System.IO.Stream", "System.IO.MemoryStream", "System.IO.BinaryReader", "System.IO.BinaryWriter", "System.IO.TextReader", "System.IO.TextWriter", "System.IO.StringReader", "System.IO.StringWriter",
        "System.IO.IOException", "System.IO.InvalidDataException", "System.IO.EndOfStreamException", "System.IO.SeekOrigin",
        "System.Reflection.AssemblyCompanyAttribute", "System.Reflection.AssemblyConfigurationAttribute", "System.Reflection.AssemblyCopyrightAttribute", "System.Reflection.AssemblyDescriptionAttribute",
        "System.Reflection.AssemblyFileVersionAttribute", "System.Reflection.AssemblyInformationalVersionAttribute", "System.Reflection.AssemblyMetadataAttribute", "System.Reflection.AssemblyProductAttribute",
        "System.Reflection.AssemblyTitleAttribute", "System.Reflection.AssemblyVersionAttribute", "System.Reflection.AssemblyTrademarkAttribute", "System.Reflection.DefaultMemberAttribute",
        "System.Reflection.BindingFlags", "System.Reflection.ICustomAttributeProvider", "System.Reflection.MemberInfo", "System.Reflection.PropertyInfo", "System.Reflection.FieldInfo", "System.Reflection.ConstructorInfo",
        "System.Reflection.MethodInfo", "System.Reflection.MethodBase", "System.Reflection.ParameterInfo", "System.Reflection.Binder", "System.Reflection.ParameterModifier",
        "System.Runtime.InteropServices.CollectionsMarshal", "System.Runtime.InteropServices.ImmutableCollectionsMarshal", "System.Runtime.InteropServices.MemoryMarshal", "System.Runtime.InteropServices.InAttribute",
        "System.Runtime.InteropServices.OutAttribute", "System.Runtime.InteropServices.StructLayoutAttribute", "System.Runtime.InteropServices.LayoutKind", "System.Runtime.InteropServices.GuidAttribute", "System.Runtime.InteropServices.ComVisibleAttribute",
        "System.Threading.CancellationToken", "System.Threading.CancellationTokenSource", "System.Threading.CancellationTokenRegistration", "System.Threading.Interlocked", "System.Threading.Volatile",
        "System.Threading.Lock", "System.Threading.Lock+Scope", "System.Threading.Monitor",
    }.ToFrozenSet();

    /// <summary>Null when the type may be named.</summary>
    public static Refusal? OfType(string type)
    {
        if (Allowed.Contains(type)) return null;
        if (Refused.TryGetValue(type, out var refusal)) return HasAllowedMembers(type) ? null : refusal;
        var space = Namespace(type);
        if (AllowedNamespaces.Contains(space)) return null;
        foreach (var (below, why) in RefusedNamespaces)
            if (space == below || space.StartsWith(below + ".", StringComparison.Ordinal)) return why;
        return NotAllowed;
    }

    /// <summary>Null when the member may be used. Its type is judged by <see cref="OfType"/> as well.</summary>
    /// <param name="parameters">Full names of the parameters' types.</param>
    public static Refusal? OfMember(string type, string member, IReadOnlyList<string> parameters)
    {
        if (type == "System.Text.Json.JsonSerializer") return IsGeneratedJson(member, parameters) ? null : ReflectionJson;
        var name = $"{type}::{member}";
        if (Allowed.Contains(name)) return null;
        if (Refused.GetValueOrDefault(name) is { } refusal) return refusal;
        if (Refused.GetValueOrDefault($"{name}({string.Join(',', parameters)})") is { } overload) return overload;
        return HasAllowedMembers(type) ? Refused.GetValueOrDefault(type) : null;
    }

    static bool HasAllowedMembers(string type) => type is "System.Environment" or "System.GC";

    static bool IsGeneratedJson(string member, IReadOnlyList<string> parameters) =>
        member.StartsWith("get_", StringComparison.Ordinal)
        || parameters.Any(parameter => parameter.StartsWith("System.Text.Json.Serialization.Metadata.JsonTypeInfo", StringComparison.Ordinal)
            || parameter == "System.Text.Json.Serialization.JsonSerializerContext");

    static string Namespace(string type)
    {
        var outer = type.IndexOf('+') is >= 0 and var plus ? type[..plus] : type;
        return outer.LastIndexOf('.') is >= 0 and var dot ? outer[..dot] : "";
    }
}
