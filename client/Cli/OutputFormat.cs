namespace Evergrain.Cli;

internal enum OutputFormat
{
    Text,
    Json,
}
