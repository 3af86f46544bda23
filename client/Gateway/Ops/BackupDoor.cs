using Evergrain.Contracts.Ops;
using Microsoft.AspNetCore.Http;

namespace Evergrain.Gateway.Ops;

/// <summary><c>/v1/ops/backup</c>: the whole store as of one moment.</summary>
internal sealed class BackupDoor(IStoreBackup backup)
{
    public async Task Copy(HttpContext context)
    {
        await using var copy = await backup.Backup(context.RequestAborted);
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = copy.Length;
        await copy.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
