using Evergrain.Client;

namespace Evergrain.Gateway.Tests.Fakes;

internal static class Login
{
    public static Task<string> Token(DoorHost host, string name, string? secret = null) =>
        PlayerLogin.Token(host.SocketAddress, name, secret, host.Http);
}
