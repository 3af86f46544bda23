using System.CommandLine;
using Evergrain.Host;

// Long enough to end the demo's matches and to write every entity; a second signal ends at once.
var patience = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(90) };
return await HostCommandLine.Create(EmbeddedHost.Run).Parse(args).InvokeAsync(patience);
