using System.Text;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Gateway.Problems;
using Evergrain.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace Evergrain.Gateway.Ops;

/// <summary><c>/v1/ops/state</c>: export, import and check of what is stored.</summary>
internal sealed class StateDoor(IEntityOps entities)
{
    const long MaxImportBytes = 64 << 20;

    public async Task Export(HttpContext context)
    {
        var findings = new List<Finding>();
        var query = new QueryMembers(context.Request.Query, findings);
        var (kind, after, limit) = (query.Kind("kind"), query.Entity("after"), (int)query.Number("limit", 1, ExportPage.MaxLines, ExportPage.MaxLines));
        query.NothingElse();
        if (findings.Count > 0) await ProblemWriter.Write(context, findings);
        else await OpsReply.Write(context, await entities.Export(kind, after, limit, context.RequestAborted), ContractsJson.Default.ExportPage);
    }

    public async Task Check(HttpContext context)
    {
        var findings = new List<Finding>();
        var query = new QueryMembers(context.Request.Query, findings);
        var (kind, after) = (query.Kind("kind"), query.Entity("after"));
        query.NothingElse();
        if (findings.Count > 0) await ProblemWriter.Write(context, findings);
        else await OpsReply.Write(context, await entities.CheckState(kind, after, context.RequestAborted), ContractsJson.Default.StateReport);
    }

    /// <summary>The body is JSON lines.</summary>
    public async Task Import(HttpContext context)
    {
        var findings = new List<Finding>();
        var query = new QueryMembers(context.Request.Query, findings);
        var request = new ImportRequest(query.OneOf<ExistingEntities>("existing"), query.Number("dryRun", 0, 1, otherwise: 0) == 1, (int)query.Number("firstLine", 1, int.MaxValue, otherwise: 1));
        query.NothingElse();
        var lines = Lines(await RequestBytes.Read(context, MaxImportBytes, ErrorCodes.BodyTooLarge));
        if (lines.Length > ExportPage.MaxLines) findings.Add(new Finding(ErrorCodes.BadRequest, "body", $"The body has {lines.Length} lines.", $"Send at most {ExportPage.MaxLines} at a time."));
        if (findings.Count > 0) await ProblemWriter.Write(context, findings);
        else await OpsReply.Write(context, await entities.Import(lines, request, OpsDoor.Actor, context.RequestAborted), ContractsJson.Default.ImportReport);
    }

    static string[] Lines(byte[] body)
    {
        var lines = Encoding.UTF8.GetString(body).Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}
