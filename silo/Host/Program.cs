using Evergrain.Host;

return await HostCommandLine.Invoke(args, EmbeddedHost.Run);
