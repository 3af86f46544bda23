namespace Evergrain.Gateway;

/// <summary>Decides who may log in. A host registers one; without it any name may log in, from this machine only. Safe from any thread.</summary>
public interface IPlayerAuthenticator
{
    /// <summary>True when whoever sent this may play as <paramref name="name"/>.</summary>
    /// <param name="name">Already checked to be usable as an entity key.</param>
    /// <param name="secret">The <c>secret</c> member of the login, null when there was none.</param>
    ValueTask<bool> Authenticate(string name, string? secret, CancellationToken cancellation);
}
