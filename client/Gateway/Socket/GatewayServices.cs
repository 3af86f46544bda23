using Evergrain.Contracts;
using Microsoft.Extensions.Logging;

namespace Evergrain.Gateway.Socket;

/// <summary>What every session needs of the host.</summary>
internal sealed record GatewayServices(IEntityCaller Caller, IEventSource Events, GatewayOptions Options, TimeProvider Time, ILogger<Session> Logger);
