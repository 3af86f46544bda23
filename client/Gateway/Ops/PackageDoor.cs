using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace Evergrain.Gateway.Ops;

/// <summary><c>/v1/ops/packages</c>: publish one, list all.</summary>
internal sealed class PackageDoor(IClusterOps cluster, GatewayOptions options)
{
    public async Task Publish(HttpContext context)
    {
        var package = await RequestBytes.Read(context, options.MaxPackageBytes, ErrorCodes.PackageTooLarge);
        var receipt = await cluster.Publish(package, context.RequestAborted);
        await OpsReply.Write(context, receipt, ContractsJson.Default.PackageReceipt,
            receipt.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    public async Task List(HttpContext context) =>
        await OpsReply.Write(context, await cluster.Packages(context.RequestAborted), ContractsJson.Default.IReadOnlyListPackageReceipt);
}
