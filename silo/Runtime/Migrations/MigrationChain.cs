using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Runtime.Migrations;

/// <summary>A step with the version that has it.</summary>
public sealed record VersionStep(ModuleId Version, MigrationStep Step);

/// <summary>Steps that bring a state from one schema to another, one after the other. Immutable; it keeps the code of its versions alive, so
/// who runs it holds leases of them.</summary>
public sealed class MigrationChain(IReadOnlyList<VersionStep> steps)
{
    /// <summary>From bytes to bytes. What fails in the middle leaves nothing: the given bytes are not changed.</summary>
    /// <exception cref="MigrationFailedException">A step threw; it says which, and what.</exception>
    public byte[] Migrate(byte[] state)
    {
        foreach (var (version, step) in steps)
        {
            try
            {
                state = step.Migrate(state);
            }
            catch (Exception thrown)
            {
                // Only text: the exception itself would keep the module's code alive.
                throw new MigrationFailedException($"{version}: the step from schema {step.From} to {step.To} threw {thrown.GetType().Name}: {thrown.Message}");
            }
        }
        return state;
    }
}

/// <summary>A slice could not be brought to a schema; the entity stays as it was.</summary>
public sealed class MigrationFailedException(string message) : Exception(message);
