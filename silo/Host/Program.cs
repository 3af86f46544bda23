using Evergrain.Host;

return await HostCommandLine.Create(EmbeddedHost.Run).Parse(args).InvokeAsync();
