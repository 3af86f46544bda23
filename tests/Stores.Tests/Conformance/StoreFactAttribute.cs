using Xunit.Abstractions;
using Xunit.Sdk;

namespace Evergrain.Stores.Tests.Conformance;

/// <summary>A test of a suite that several classes inherit: where a class cannot run on this machine, it says why, and its tests are skipped.</summary>
[XunitTestCaseDiscoverer("Evergrain.Stores.Tests.Conformance.StoreFactDiscoverer", "Evergrain.Stores.Tests")]
public sealed class StoreFactAttribute : FactAttribute;

/// <inheritdoc cref="StoreFactAttribute"/>
[XunitTestCaseDiscoverer("Evergrain.Stores.Tests.Conformance.StoreTheoryDiscoverer", "Evergrain.Stores.Tests")]
public sealed class StoreTheoryAttribute : TheoryAttribute;

/// <summary>On a test class that needs something which a machine may lack.</summary>
/// <param name="type">Has a static property <c>WhyNot</c>: null when the class can run.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(Type type) : Attribute
{
    public static string? WhyNot(ITestMethod method) => method.TestClass.Class.ToRuntimeType().GetCustomAttributes(typeof(NeedsAttribute), inherit: true) is [NeedsAttribute needs] ? needs.Reason : null;

    string? Reason { get; } = (string?)type.GetProperty("WhyNot")!.GetValue(null);
}

internal sealed class StoreFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    readonly IMessageSink messages = messages;

    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo fact) =>
        NeedsAttribute.WhyNot(method) is { } reason
            ? new SkippedTestCase(messages, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method, reason)
            : base.CreateTestCase(options, method, fact);
}

internal sealed class StoreTheoryDiscoverer(IMessageSink messages) : TheoryDiscoverer(messages)
{
    readonly IMessageSink messages = messages;

    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo theory) =>
        NeedsAttribute.WhyNot(method) is { } reason
            ? [new SkippedTestCase(messages, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method, reason)]
            : base.Discover(options, method, theory);
}

internal sealed class SkippedTestCase : XunitTestCase
{
    [Obsolete("For the deserializer of xunit only.")]
    public SkippedTestCase() { }

    public SkippedTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method, string reason) : base(messages, display, options, method) => SkipReason = reason;

    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue("Reason", SkipReason);
    }

    public override void Deserialize(IXunitSerializationInfo data)
    {
        base.Deserialize(data);
        SkipReason = data.GetValue<string>("Reason");
    }
}
